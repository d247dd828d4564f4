// Which cell comes next, and how much of the time that is left it gets. Pure: time comes in as
// numbers. Simulated cells take whatever is left; cells on processes take whole runs, and go first.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/suite/suite_file.hpp"

namespace squall::harness::suite {

struct PendingCell {
    std::uint32_t ordinal = 0;
    SuiteTier tier = SuiteTier::sim;
    double weight = 1;
    double least_s = 0;  ///< Below that it means nothing: one run on processes.
};

struct RunningCell {
    std::uint32_t ordinal = 0;
    SuiteTier tier = SuiteTier::sim;
    double left_s = 0;  ///< Of its share.
};

/// The state that a decision is made from.
struct ScheduleState {
    double left_s = 0;  ///< Of the budget.
    unsigned jobs = 1;
    unsigned process_jobs = 1;  ///< At most, of the jobs.
    std::vector<PendingCell> pending;
    std::vector<RunningCell> running;
};

/// Begin this cell, with so many seconds.
struct Start {
    std::uint32_t ordinal = 0;
    double share_s = 0;
};

/// What each pending cell gets, in the order of `state.pending`: by weight, but at least `least_s`.
[[nodiscard]] std::vector<double> shares(const ScheduleState& state);

/// The next cell, the heaviest first; nothing while all jobs are busy, and when none fits any more.
[[nodiscard]] std::optional<Start> next_cell(const ScheduleState& state);

/// Cells that cannot be run any more: what is left of the budget is too short for them, even if
/// nothing else came first.
[[nodiscard]] std::vector<std::uint32_t> out_of_time(const ScheduleState& state);

/// Seconds until the suite's end, about: the budget if simulated cells fill it, else less.
[[nodiscard]] double seconds_to_end(const ScheduleState& state);

/// Seconds from `begun` to the next time that a clock shows `until_minute`, both in local time.
/// `begun_second`: of the local day, 0 to 86399.
[[nodiscard]] double seconds_until(int until_minute, int begun_second);

}  // namespace squall::harness::suite
