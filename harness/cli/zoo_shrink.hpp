// What a convicted run of the simulator can be cut down to.
#pragma once

#include <string>

#include "harness/plan.hpp"
#include "harness/scorecard.hpp"

namespace squall::harness::cli {

struct ShrunkTrial {
    ShrunkRun sizes;
    Plan plan;
};

/// `check` is what failed in the plan's run, and has to fail in every smaller one. Bounded by the
/// number of plans tried, not by time: equal builds give equal sizes.
[[nodiscard]] ShrunkTrial shrink_trial(const Plan& plan, const std::string& check);

}  // namespace squall::harness::cli
