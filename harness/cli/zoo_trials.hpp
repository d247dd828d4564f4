// One run of one bug, simulated or on real processes, and what every detector finds in it alone.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/plan.hpp"
#include "harness/run_record.hpp"
#include "harness/scorecard.hpp"

namespace squall::harness::cli {

struct Trial {
    Plan plan;
    RunRecord record;
    std::vector<Finding> findings;  ///< At most one per detector, in their order.
    std::string void_reason;        ///< Not empty: the harness failed.
};

/// A run of the swarm with the bug switched on; "" is the correct build. Throws Failure when the
/// harness failed: the simulator would fail again.
[[nodiscard]] Trial simulated_trial(const std::string& bug,
                                    std::uint64_t seed,
                                    bool assertions_off);

/// One run of a plan on real processes, in a temporary directory that is removed again. For callers
/// that live under a reaper.
[[nodiscard]] RunRecord run_on_real_processes(const Plan& plan,
                                              const std::atomic<int>& stop_requests);

/// `simulated_trial` on real processes.
[[nodiscard]] Trial process_trial(const std::string& bug,
                                  std::uint64_t seed,
                                  const std::atomic<int>& stop_requests);

}  // namespace squall::harness::cli
