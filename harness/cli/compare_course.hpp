// The course of a comparison: simulations in general, real processes, simulations of what the patch
// is about, each for its share of the budget; or one plan again.
#pragma once

#include "harness/cli/compare_options.hpp"
#include "harness/cli/compare_session.hpp"
#include "harness/cli/compare_sides.hpp"

namespace squall::harness::cli {

/// Until the budget is spent, the patch is convicted, or the user wants to stop. Throws UsageError
/// when a plan to be replayed is of another system, Failure. Under a reaper only.
void run_course(const CompareOptions& options, CompareSession& session, const ComparedSides& sides);

}  // namespace squall::harness::cli
