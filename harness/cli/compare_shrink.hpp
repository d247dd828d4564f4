// Cuts the failures of the patch down, by replaying smaller plans in the patch's own simulator.
#pragma once

#include <chrono>
#include <string>

#include "harness/cli/compare_session.hpp"

namespace squall::harness::cli {

/// Those of the simulator that were kept and that the verdict names, one after the other within the
/// budget. What is left goes to shrunk/ in the directory of each, as the patch and, beside it, as
/// the base runs it.
void shrink_failures(CompareSession& session,
                     const std::string& base_simulator,
                     const std::string& patch_simulator,
                     std::chrono::nanoseconds budget);

}  // namespace squall::harness::cli
