// Failing storms of each bug, shrunk in the simulator: what is left still fails in the same way,
// every time, and is small. Also what becomes of a node that breaks an assertion of its own.
#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "harness/judge.hpp"
#include "harness/shrink/session.hpp"
#include "harness/shrink/size.hpp"
#include "harness/sim/node_crash.hpp"
#include "harness/sim/simulate.hpp"
#include "harness/sim/virtual_node.hpp"
#include "raft/zoo/zoo.hpp"
#include "tests/harness/sim/plans.hpp"

namespace squall::harness::shrink {
namespace {

using std::chrono::milliseconds;

Results judged(const RunRecord& record) {
    return judge(record, {.version = "test", .command = "sim"});
}

ObservedRun observed(const RunRecord& record, const Results& results) {
    return {record.plan,
            operations_of(record.events, record.plan),
            record.realised.faults,
            violation_time(results, failing_check(results), record.events)};
}

Shrunk shrink_simulated(const RunRecord& record, const Results& results) {
    const std::string check = failing_check(results);
    SessionOptions options = exact();
    options.run = [&](const Plan& plan) {
        return fails(judged(sim::simulate(plan).record), check);
    };
    return shrink(observed(record, results), options);
}

std::size_t median(std::vector<std::size_t> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

class ShrunkBug : public testing::TestWithParam<std::string_view> {};

TEST_P(ShrunkBug, FailsInTheSameWayWithFewFaultsAndOperations) {
    if (!raft::zoo::Bugs::compiled_in) {
        GTEST_SKIP() << "built without the zoo";
    }
    constexpr std::size_t wanted = 5;
    std::vector<std::size_t> faults;
    std::vector<std::size_t> operations;
    for (std::uint64_t seed = 1; faults.size() < wanted && seed <= 200; ++seed) {
        Plan plan = sim::stormy_plan(seed);
        plan.bug = GetParam();
        const RunRecord record = sim::simulate(plan).record;
        const Results results = judged(record);
        const std::string check = failing_check(results);
        if (check.empty()) {
            continue;
        }

        const Shrunk shrunk = shrink_simulated(record, results);

        EXPECT_TRUE(shrunk.complete);
        // As it would be read from plan.json.
        const Plan again = plan_from_json(to_json(shrunk.plan), "plan.json");
        EXPECT_TRUE(fails(judged(sim::simulate(again).record), check)) << "seed " << seed;
        const Size size = size_of(shrunk.plan, 0);
        faults.push_back(size.faults);
        operations.push_back(size.operations);
    }

    ASSERT_EQ(faults.size(), wanted);
    EXPECT_LE(median(faults), 4U);
    EXPECT_LE(median(operations), 10U);
}

// The others are rarer than these storms show in so few seeds; `squall zoo` shrinks all of them.
constexpr std::array<std::string_view, 11> shrunk_here{"stale-read",
                                                       "ack-before-commit",
                                                       "term-not-persisted",
                                                       "local-quorum",
                                                       "no-uptodate",
                                                       "no-noop",
                                                       "reply-by-index",
                                                       "fail-but-committed",
                                                       "no-quorum-ack",
                                                       "no-sessions",
                                                       "off-by-one-apply"};

INSTANTIATE_TEST_SUITE_P(Bugs, ShrunkBug, testing::ValuesIn(shrunk_here), [](const auto& each) {
    std::string name(each.param);
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

TEST(ListedPlan, RepeatsTheRunThatItWasTakenFrom) {
    const RunRecord record = sim::simulate(sim::stormy_plan(3)).record;
    Plan plan = record.realised;
    plan.operations = operations_of(record.events, plan);

    const RunRecord again = sim::simulate(plan).record;

    // Up to the final reads: of those the order of the keys differs.
    const auto main_phase = [](const RunRecord& run) {
        const std::string text = sim::history_text(run);
        return text.substr(0, text.find("phase: final"));
    };
    EXPECT_GT(main_phase(record).size(), 10'000U);
    EXPECT_TRUE(main_phase(again) == main_phase(record));
}

class ListedWorkload : public testing::TestWithParam<const char*> {};

TEST_P(ListedWorkload, IsNotAccusedForBeingListed) {
    Plan like = sim::calm_plan(3);
    like.workload = GetParam();
    const RunRecord record = sim::simulate(like).record;
    Plan plan = record.realised;
    plan.operations = operations_of(record.events, plan);

    const Results results = judged(sim::simulate(plan).record);

    // Final reads of lists and sets are read as such.
    EXPECT_EQ(failing_check(judged(record)), "");
    EXPECT_EQ(failing_check(results), "");
    EXPECT_EQ(to_json(plan_from_json(to_json(plan), "plan.json")), to_json(plan));
}

INSTANTIATE_TEST_SUITE_P(Workloads,
                         ListedWorkload,
                         testing::Values("register", "append", "set", "counter"));

TEST(NodeCrash, ANodeThatIsToldNonsenseByItsOwnDiskCrashes) {
    sim::VirtualNode node(sim::calm_plan(1), 1);
    ASSERT_FALSE(node.start(Time{}));
    ASSERT_TRUE(node.offer(raft::server::PersistedInput{1'000'000}));
    std::string words;

    try {
        const sim::NodeCrashGuard guard;
        static_cast<void>(node.step(milliseconds(1)));
    } catch (const sim::NodeCrash& crash) {
        words = crash.last_words;
        node.kill(milliseconds(1));
    }

    EXPECT_NE(words.find("persistence.cpp"), std::string::npos) << words;
    EXPECT_FALSE(node.up());
    EXPECT_FALSE(node.has_input());
}

TEST(NodeCrash, AFailedAssertionIsAnEventOfTheNodeAndNotTheEndOfUs) {
    std::string words;
    try {
        const sim::NodeCrashGuard guard;
        ASSERT(words.empty());
        ASSERT(1 + 1 == 3);
    } catch (const sim::NodeCrash& crash) {
        words = crash.last_words;
    }

    EXPECT_TRUE(words.starts_with("assertion failed: 1 + 1 == 3 (simulated_test.cpp:")) << words;
    EXPECT_EQ(raft::assertion_handler, nullptr);
}

}  // namespace
}  // namespace squall::harness::shrink
