// One run of one bug, simulated or on real processes, and what every detector finds in it alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/scorecard.hpp"

namespace squall::harness::cli {

/// At most one per detector. A run of the swarm with the bug switched on; "" is the correct build.
[[nodiscard]] std::vector<Finding> simulated_trial(const std::string& bug,
                                                   std::uint64_t seed,
                                                   bool assertions_off);

/// The same on real processes, in a temporary directory that is removed again.
/// Throws Failure when the harness failed.
[[nodiscard]] std::vector<Finding> process_trial(const std::string& bug, std::uint64_t seed);

}  // namespace squall::harness::cli
