// Whole courses of shrinking, with a scripted executor in place of a cluster: which plans fail is a
// rule of the test's, and so is how often.
#include "harness/shrink/session.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "history/random.hpp"

namespace squall::harness::shrink {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t operations_recorded = 120;

/// Twenty kills, 120 operations on seven keys.
ObservedRun recorded_run() {
    ObservedRun run;
    run.plan.time_limit = seconds(30);
    run.plan.fault_classes = {"kill"};
    for (nemesis::FaultId id = 1; id <= 20; ++id) {
        nemesis::PlannedFault fault;
        fault.id = id;
        fault.name = "kill";
        fault.at = milliseconds(1400 * id);
        fault.duration = milliseconds(700);
        fault.action = nemesis::KillFault{{static_cast<NodeId>(id % 5 + 1)}};
        run.plan.faults.push_back(fault);
    }
    run.faults = run.plan.faults;
    for (std::size_t i = 0; i < operations_recorded; ++i) {
        const auto slot = static_cast<std::uint32_t>(i % 10);
        run.operations.push_back(
            {.slot = slot,
             .node = slot % 5 + 1,
             .at = milliseconds(200 * i),
             .request = {"write", fmt::format("k{}", i % 7), static_cast<std::int64_t>(i)}});
    }
    run.violation = seconds(26);
    return run;
}

bool has_fault(const Plan& plan, nemesis::FaultId id) {
    return std::ranges::find(plan.faults, id, &nemesis::PlannedFault::id) != plan.faults.end();
}

bool has_write(const Plan& plan, std::int64_t value) {
    return !plan.operations || std::ranges::any_of(*plan.operations, [&](const auto& operation) {
        return operation.request.value == history::Value(value);
    });
}

/// The failure of these tests: two faults and two operations, on at least three nodes.
bool fails_here(const Plan& plan) {
    return has_fault(plan, 4) && has_fault(plan, 11) && has_write(plan, 50) &&
           has_write(plan, 101) && plan.nodes >= 3;
}

TEST(Session, LeavesWhatTheFailureNeedsWhenEveryRunTells) {
    SessionOptions options = exact();
    options.run = fails_here;

    const Shrunk shrunk = shrink(recorded_run(), options);

    EXPECT_TRUE(shrunk.complete);
    EXPECT_TRUE(fails_here(shrunk.plan));
    EXPECT_EQ(shrunk.plan.faults.size(), 2U);
    EXPECT_EQ(shrunk.plan.operations->size(), 2U);
    EXPECT_EQ(shrunk.plan.nodes, 3U);
    EXPECT_LT(shrunk.plan.time_limit, milliseconds(20));
    EXPECT_EQ(shrunk.confirmed.failed, 1U);
    EXPECT_LT(shrunk.attempts, 400U);
}

TEST(Session, KeepsTheWorkloadsOperationsWhenTheRecordedOnesDoNotFail) {
    SessionOptions options = exact();
    options.run = [](const Plan& plan) { return !plan.operations && has_fault(plan, 4); };

    const Shrunk shrunk = shrink(recorded_run(), options);

    EXPECT_FALSE(shrunk.plan.operations);
    EXPECT_EQ(shrunk.plan.faults.size(), 1U);
}

TEST(Session, GivesUpWhatNeverFailsAgain) {
    SessionOptions options;
    std::uint64_t runs = 0;
    options.run = [&](const Plan&) {
        ++runs;
        return false;
    };

    const Shrunk shrunk = shrink(recorded_run(), options);

    EXPECT_EQ(shrunk.base.failed, 0U);
    EXPECT_EQ(runs, 4 * options.repetition.base_runs);
}

TEST(Session, EndsWithTheBestSoFarWhenTimeIsUp) {
    SessionOptions options = exact();
    std::uint64_t runs = 0;
    options.run = [&](const Plan& plan) {
        ++runs;
        return fails_here(plan);
    };
    options.out_of_time = [&] { return runs >= 40; };

    const Shrunk shrunk = shrink(recorded_run(), options);

    EXPECT_FALSE(shrunk.complete);
    EXPECT_TRUE(fails_here(shrunk.plan));
    EXPECT_LT(shrunk.plan.operations->size(), operations_recorded);
    EXPECT_EQ(runs, 41U);
}

TEST(Session, StepsBackFromALuckyFailure) {
    // Fails without its second fault once in all, which shrinking takes at its word.
    SessionOptions options;
    bool lucky = true;
    options.run = [&](const Plan& plan) {
        if (has_fault(plan, 4) && !has_fault(plan, 11) && plan.faults.size() < 3) {
            return std::exchange(lucky, false);
        }
        return fails_here(plan);
    };

    const Shrunk shrunk = shrink(recorded_run(), options);

    EXPECT_FALSE(lucky);
    EXPECT_EQ(shrunk.confirmed.failed, options.confirm_runs);
    EXPECT_TRUE(fails_here(shrunk.plan));
}

RC_GTEST_PROP(Session, ShrinksWhatFailsOnlyNowAndThen, (std::uint64_t seed)) {
    const auto percent = *rc::gen::inRange<std::uint64_t>(50, 101);
    const history::Stream chance(seed, "flaky");
    std::uint64_t runs = 0;
    SessionOptions options;
    options.run = [&](const Plan& plan) {
        return fails_here(plan) && chance.below(100, 0, ++runs) < percent;
    };

    const Shrunk shrunk = shrink(recorded_run(), options);

    RC_ASSERT(shrunk.base.failed > 0U);
    // Nothing that cannot fail is ever accepted, however lucky.
    RC_ASSERT(fails_here(shrunk.plan));
    RC_ASSERT(shrunk.plan.faults.size() < 20U);
    RC_ASSERT(shrunk.plan.operations->size() < operations_recorded);
    RC_ASSERT(shrunk.confirmed.runs == options.confirm_runs);
    RC_ASSERT(shrunk.confirmed.failed > 0U);
}

RC_GTEST_PROP(Session, GoesOnFromWhatAnEarlierOneLearnt, ()) {
    const auto before = *rc::gen::inRange<std::uint64_t>(1, 120);
    std::map<std::string, Tried> known;
    std::uint64_t runs = 0;
    SessionOptions options = exact();
    options.run = [&](const Plan& plan) {
        ++runs;
        return fails_here(plan);
    };
    const Shrunk at_once = shrink(recorded_run(), options);
    options.recall = [&](const Plan& plan) {
        const auto found = known.find(to_json(plan));
        return found == known.end() ? std::nullopt : std::optional(found->second);
    };
    options.learn = [&](const Plan& plan, const Tried& tried, const Plan&) {
        known.emplace(to_json(plan), tried);
    };
    runs = 0;
    options.out_of_time = [&] { return runs >= before; };
    static_cast<void>(shrink(recorded_run(), options));
    options.out_of_time = [] { return false; };
    runs = 0;

    const Shrunk in_two = shrink(recorded_run(), options);

    RC_ASSERT(to_json(in_two.plan) == to_json(at_once.plan));
    RC_ASSERT(runs < at_once.runs);
}

TEST(Repetition, NeedsMoreRunsTheRarerAFailureIs) {
    EXPECT_EQ(runs_needed({.failed = 10, .runs = 10}, 0.05, 100), 2U);
    EXPECT_EQ(runs_needed({.failed = 5, .runs = 9}, 0.05, 100), 5U);   // 0.5^5 = 0.03
    EXPECT_EQ(runs_needed({.failed = 1, .runs = 9}, 0.05, 100), 29U);  // 0.9^29 = 0.047
    EXPECT_EQ(runs_needed({.failed = 1, .runs = 9}, 0.05, 8), 8U);
    EXPECT_EQ(runs_needed({.failed = 0, .runs = 9}, 0.05, 8), 8U);
}

RC_GTEST_PROP(Repetition, RefusesWhatFailsAsOftenAsTheOriginalRarelyEnough, ()) {
    const auto failed = *rc::gen::inRange<std::uint64_t>(1, 20);
    const auto held = *rc::gen::inRange<std::uint64_t>(0, 20);
    const Rate base{.failed = failed, .runs = failed + held};
    const auto runs = static_cast<double>(runs_needed(base, 0.05, 10'000));
    const double p = static_cast<double>(failed) / static_cast<double>(base.runs + 1);

    RC_ASSERT(std::pow(1 - p, runs) <= 0.05);
    RC_ASSERT((runs == 1 || std::pow(1 - p, runs - 1) > 0.05));
}

TEST(Repetition, ACandidateFailsWithItsFirstFailure) {
    Repetition trial = Repetition::of_candidate({.failed = 1, .runs = 3}, {});
    EXPECT_EQ(trial.step(), Repetition::Step::run);

    trial.ran(false);
    EXPECT_EQ(trial.step(), Repetition::Step::run);
    trial.ran(true);

    EXPECT_EQ(trial.step(), Repetition::Step::fails);
    EXPECT_EQ(trial.rate().runs, 2U);
}

TEST(Repetition, TheBaseIsMeasuredUntilThereIsARate) {
    Repetition trial = Repetition::of_base({});
    for (int i = 0; i < 5; ++i) {
        trial.ran(i == 3);
        EXPECT_EQ(trial.step(), Repetition::Step::run) << i;
    }

    trial.ran(false);

    EXPECT_EQ(trial.step(), Repetition::Step::fails);
    EXPECT_EQ(trial.rate().failed, 1U);
    EXPECT_EQ(trial.rate().runs, 6U);
}

}  // namespace
}  // namespace squall::harness::shrink
