// RapidCheck's generator of whole-cluster plans: the size and the settings of the cluster, what its
// clients ask and when, and which faults come, all of it spelled out in the plan. A failing plan
// shrinks as RapidCheck shrinks any value: one smaller plan after the other, of which the first
// that still fails is taken.
#pragma once

#include <iosfwd>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "harness/plan.hpp"

namespace squall::harness {

/// For RapidCheck's reports, in a few lines.
void showValue(const Plan& plan, std::ostream& out);

}  // namespace squall::harness

namespace squall::harness::properties {

/// Runs of a few seconds, whose nodes have `bug` (a zoo slug; empty: none). Every plan can be
/// written to plan.json and read back.
[[nodiscard]] rc::Gen<Plan> any_plan(const std::string& bug = "");

/// Each smaller than the plan by something: fewer faults, a shorter run, fewer operations, fewer
/// nodes, simpler faults, less time between things, plainer settings; large steps first.
[[nodiscard]] rc::Seq<Plan> smaller_plans(const Plan& plan);

}  // namespace squall::harness::properties
