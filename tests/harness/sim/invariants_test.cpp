// Invariants that the simulator judges inline, each with a documented bug that it must see; that
// they stay silent without one is what many_seeds_test.cpp asserts.
#include <algorithm>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "checker/progress.hpp"
#include "harness/sim/simulate.hpp"
#include "harness/swarm.hpp"
#include "raft/zoo/zoo.hpp"
#include "tests/harness/sim/plans.hpp"

namespace squall::harness::sim {
namespace {

checker::Check check_of(const RunRecord& record, std::string_view name) {
    const auto found = std::ranges::find(record.trace_checks, name, &checker::Check::name);
    return found == record.trace_checks.end() ? checker::Check{} : *found;
}

/// The first sentence by which the invariant convicts the bug within so many seeds of the swarm.
std::string conviction(std::string_view bug, std::string_view invariant, std::uint64_t seeds) {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        Plan plan = swarm_plan(seed);
        plan.bug = bug;
        const checker::Check check =
            check_of(simulate(plan, {.assertions_off = true}).record, invariant);
        if (check.verdict == checker::Verdict::invalid) {
            return check.reason;
        }
    }
    return {};
}

TEST(InlineInvariants, ARequestThatTakesEffectTwiceIsSeen) {
    if (!raft::zoo::Bugs::compiled_in) {
        GTEST_SKIP() << "built without the zoo";
    }
    const std::string reason = conviction("no-dedup", "exactly-once", 200);

    EXPECT_NE(reason.find("and again at index"), std::string::npos) << reason;
}

TEST(InlineInvariants, NodesTellWhatTookEffectAndWhatIsBounded) {
    const RunRecord record = simulate(calm_plan(3)).record;

    for (const char* name : {"exactly-once", "bounded-resources"}) {
        const checker::Check check = check_of(record, name);
        EXPECT_EQ(check.name, name);
        EXPECT_EQ(check.verdict, checker::Verdict::valid) << check.reason;
        EXPECT_TRUE(check.details.empty()) << check.details.front();
    }
}

TEST(InlineInvariants, AQuorumThatWasHealedConverges) {
    Plan plan = stormy_plan(5);
    plan.heal_quorum_only = true;

    const RunRecord record = simulate(plan).record;

    EXPECT_EQ(check_of(record, "convergence").name, "convergence");
    EXPECT_EQ(check_of(record, "convergence").verdict, checker::Verdict::valid);
}

checker::Verdict progress_of(const RunRecord& record, const Plan& plan) {
    return checker::progress_check(
               record.events, {plan.recovery_bound, plan.timing.election_max}, {})
        .verdict;
}

/// A leader that nobody answers, and that goes on leading, is heard by others for ever.
TEST(QuorumOnly, ABugThatHurtsOnlyThereIsFoundThereAndNowhereElse) {
    if (!raft::zoo::Bugs::compiled_in) {
        GTEST_SKIP() << "built without the zoo";
    }
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        Plan plan = swarm_plan(seed);
        plan.bug = "no-checkquorum";
        if (!plan.heal_quorum_only ||
            progress_of(simulate(plan).record, plan) != checker::Verdict::invalid) {
            continue;
        }

        plan.heal_quorum_only = false;
        EXPECT_EQ(progress_of(simulate(plan).record, plan), checker::Verdict::valid) << seed;
        return;
    }
    FAIL() << "no seed of the swarm shows it";
}

}  // namespace
}  // namespace squall::harness::sim
