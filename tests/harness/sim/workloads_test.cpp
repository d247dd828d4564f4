// Every workload that raft-node serves beside `register`: storms of the correct build are valid,
// and each bug is convicted by it.
#include <tuple>

#include <gtest/gtest.h>

#include "harness/sim/simulate.hpp"
#include "raft/zoo/zoo.hpp"
#include "tests/harness/sim/plans.hpp"

namespace squall::harness::sim {
namespace {

Plan storm_of(const char* workload, std::uint64_t seed) {
    Plan plan = stormy_plan(seed);
    plan.workload = workload;
    return plan;
}

class WorkloadStorms : public testing::TestWithParam<const char*> {};

TEST_P(WorkloadStorms, TheCorrectBuildIsNeverConvicted) {
    constexpr std::uint64_t seeds = 200;
    std::int64_t ok = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const RunRecord record = simulate(storm_of(GetParam(), seed)).record;

        for (const std::string& problem : problems(record)) {
            ADD_FAILURE() << "seed " << seed << ": " << problem;
        }
        ok += count_ok(record);
    }
    EXPECT_GT(ok, static_cast<std::int64_t>(seeds) * 200);
}

INSTANTIATE_TEST_SUITE_P(All, WorkloadStorms, testing::Values("append", "set", "counter"));

class WorkloadZoo : public testing::TestWithParam<std::tuple<const char*, const char*>> {};

TEST_P(WorkloadZoo, IsConvictedWithinAHundredSeeds) {
    if (!raft::zoo::Bugs::compiled_in) {
        GTEST_SKIP() << "built without the zoo";
    }
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        Plan plan = storm_of(std::get<0>(GetParam()), seed);
        plan.bug = std::string(std::get<1>(GetParam()));

        const std::vector<std::string> found = problems(simulate(plan).record);

        if (!found.empty()) {
            return;
        }
    }
    FAIL() << "not convicted";
}

INSTANTIATE_TEST_SUITE_P(
    All,
    WorkloadZoo,
    testing::Combine(testing::Values("append", "set", "counter"),
                     testing::Values("stale-read", "ack-before-commit", "term-not-persisted")));

/// What clients alone see, without traces and positions.
TEST(WorkloadHistories, ConvictAStaleRead) {
    for (const char* workload : {"append", "set", "counter"}) {
        bool convicted = false;
        for (std::uint64_t seed = 1; seed <= 20 && !convicted; ++seed) {
            Plan plan = storm_of(workload, seed);
            plan.bug = std::string("stale-read");
            convicted = linearizability(simulate(plan).record).verdict == checker::Verdict::invalid;
        }
        EXPECT_TRUE(convicted || !raft::zoo::Bugs::compiled_in) << workload;
    }
}

/// The same, told by the claimed order alone.
TEST(WorkloadHistories, ClaimAnOrderThatConvictsBugs) {
    for (const char* bug : {"stale-read", "ack-before-commit"}) {
        bool convicted = false;
        for (std::uint64_t seed = 1; seed <= 20 && !convicted; ++seed) {
            Plan plan = stormy_plan(seed);
            plan.bug = std::string(bug);
            const RunRecord record = simulate(plan).record;
            const auto claimed = checker::claimed_order_check(
                history::pair(record.events).operations, model_of(record));
            convicted = claimed && claimed->verdict == checker::Verdict::invalid;
        }
        EXPECT_TRUE(convicted || !raft::zoo::Bugs::compiled_in) << bug;
    }
}

}  // namespace
}  // namespace squall::harness::sim
