// Cuts the failures of the patch down, by replaying smaller plans where they failed: in the patch's
// own simulator, or on real processes.
#pragma once

#include <chrono>
#include <string>

#include "harness/cli/compare_session.hpp"
#include "harness/cli/compare_sides.hpp"

namespace squall::harness::cli {

/// Those that were kept and that the verdict names, one after the other within the budget, those of
/// the simulator first. What is left goes to shrunk/ in the directory of each, as the patch and,
/// beside it, as the base runs it.
void shrink_failures(CompareSession& session,
                     const ComparedSides& sides,
                     std::chrono::nanoseconds budget);

}  // namespace squall::harness::cli
