// What a convicted run can be cut down to.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>

#include "harness/plan.hpp"
#include "harness/run_record.hpp"
#include "harness/scorecard.hpp"

namespace squall::harness::cli {

struct ShrunkTrial {
    ShrunkRun sizes;
    Plan plan;
};

/// In the simulator. `check` is what failed in the run, and has to fail in every smaller one.
/// Bounded by the number of plans tried, not by time: equal builds give equal sizes.
[[nodiscard]] ShrunkTrial shrink_trial(const RunRecord& record, const std::string& check);

/// On real processes, where a plan is run as often as its verdict needs, for callers that live
/// under a reaper. When `budget` is spent the smallest plan so far is run three times more; nothing
/// when the run did not fail again at all.
[[nodiscard]] std::optional<ShrunkTrial> shrink_on_processes(const RunRecord& record,
                                                             const std::string& check,
                                                             std::chrono::duration<double> budget,
                                                             const std::atomic<int>& stop_requests);

}  // namespace squall::harness::cli
