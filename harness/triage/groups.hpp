// Failures of many nights as a few groups, one for each signature: new, known, flaky or fixed, how
// often, and the cheapest way to have it again. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/store/results_store.hpp"

namespace squall::harness::triage {

enum class GroupState : std::uint8_t {
    fresh,   ///< Never seen before this suite.
    known,   ///< Seen in this one and in the one before.
    flaky,   ///< Seen in this one and earlier, but not in all of those between.
    absent,  ///< Seen earlier, not in this one, which was too short to tell.
    fixed    ///< Not seen, though it would have been with a probability of 95 %.
};

/// "new", "known", ...
[[nodiscard]] const char* to_string(GroupState state);

/// One suite of the row of nights.
struct NightSeeds {
    store::RowId suite = 0;
    std::map<std::string, std::uint64_t> seeds;  ///< By name of the cell.
};

struct Group {
    std::string signature;
    std::string check;
    std::string reason;  ///< Of the cheapest reproduction.
    GroupState state = GroupState::fresh;
    store::UnixMs first_seen = 0;
    store::UnixMs last_seen = 0;
    std::size_t failures = 0;        ///< In this suite.
    std::size_t failures_total = 0;  ///< In all nights that are looked at.
    std::uint64_t seeds = 0;         ///< Run in this suite in the cells that ever had it.
    double rate = 0;                 ///< Per seed in those cells: now, or when last seen.
    std::set<std::string> cells;     ///< That ever had it.
    std::string faults;              ///< Smallest set that it takes.
    std::string command;             ///< Cheapest reproduction.
    std::string directory;           ///< Its run.
    double cost_s = 0;
};

/// `failures`: of the nights, in any order; others are left out. `nights`: oldest first, the last
/// one is this suite. Groups that are failing come first, then by how often.
[[nodiscard]] std::vector<Group> group_failures(const std::vector<store::FailureRow>& failures,
                                                const std::vector<NightSeeds>& nights);

}  // namespace squall::harness::triage
