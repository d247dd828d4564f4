// The ways of some bugs that plans of all kinds seldom show convict them at once, and nobody else.
#include <algorithm>

#include <gtest/gtest.h>

#include "harness/compare/neighbours.hpp"
#include "harness/compare/pair_outcome.hpp"
#include "harness/judge.hpp"
#include "harness/sim/simulate.hpp"

namespace squall::harness::compare {
namespace {

constexpr std::uint64_t seeds = 10;

/// How many of the plans that the bug is convicted by soonest fail in a Raft that has `bug`.
std::uint64_t failing(const char* way_of, const std::string& bug) {
    const auto way = std::ranges::find(ways(), way_of, &Way::bug);
    std::uint64_t failed = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        Plan plan = plan_of(*find_profile(way->profile), seed, false, way->narrowing);
        plan.bug = bug;
        const SideOutcome outcome = outcome_of(judge(
            sim::simulate(plan, {.keep_traces = true}).record, {.version = "", .command = "sim"}));
        failed += outcome.safety.empty() ? 0U : 1U;
    }
    return failed;
}

TEST(Ways, ConvictTheirBugsSoon) {
    for (const char* bug : {"quorum-off", "no-dedup", "stale-leader-ae-accepted"}) {
        EXPECT_GE(failing(bug, bug), 2U) << bug;
    }
}

TEST(Ways, ConvictNobodyElse) {
    EXPECT_EQ(failing("quorum-off", ""), 0U);
    EXPECT_EQ(failing("no-dedup", ""), 0U);
}

}  // namespace
}  // namespace squall::harness::compare
