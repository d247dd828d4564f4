// One run of one bug, simulated or on real processes, and what every detector finds in it alone.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/plan.hpp"
#include "harness/scorecard.hpp"

namespace squall::harness::cli {

struct Trial {
    Plan plan;
    std::vector<Finding> findings;  ///< At most one per detector, in their order.
    std::string void_reason;        ///< Not empty: the harness failed.
};

/// A run of the swarm with the bug switched on; "" is the correct build. Throws Failure when the
/// harness failed: the simulator would fail again.
[[nodiscard]] Trial simulated_trial(const std::string& bug,
                                    std::uint64_t seed,
                                    bool assertions_off);

/// The same on real processes, in a temporary directory that is removed again. For callers that
/// live under a reaper.
[[nodiscard]] Trial process_trial(const std::string& bug,
                                  std::uint64_t seed,
                                  const std::atomic<int>& stop_requests);

}  // namespace squall::harness::cli
