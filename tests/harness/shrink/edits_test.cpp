// Smaller plans stay plans that can be written, read and run, and differ only where they should.
#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "harness/shrink/fault_edits.hpp"
#include "harness/shrink/observed_run.hpp"
#include "harness/shrink/plan_edits.hpp"
#include "harness/shrink/size.hpp"
#include "tests/harness/shrink/planned.hpp"

namespace squall::harness::shrink {
namespace {

using history::Event;
using history::EventType;
using std::chrono::milliseconds;
using std::chrono::seconds;

PlannedOperation operation(std::uint32_t slot, NodeId node, Time at, const std::string& key) {
    return {slot, node, at, {"write", key, history::Value(7)}};
}

Plan some_plan() {
    Plan plan;
    plan.time_limit = seconds(10);
    plan.fault_classes = {"kill", "pause"};
    plan.faults = {
        fault(1, seconds(1), seconds(2), nemesis::KillFault{{2, 5}}),
        fault(2,
              seconds(4),
              seconds(3),
              nemesis::LinkFault{{{{1, 2}, {.cut = true}}, {{5, 1}, {.cut = true}}}}),
    };
    plan.operations = {operation(3, 4, milliseconds(500), "a"),
                       operation(7, 5, seconds(2), "b"),
                       operation(3, 4, seconds(8), "a")};
    return plan;
}

TEST(PlanEdits, ACutLeavesOutWhatBeginsLater) {
    const Plan cut = cut_at(some_plan(), seconds(5));

    EXPECT_EQ(cut.time_limit, seconds(5));
    EXPECT_EQ(cut.faults.size(), 2U);
    EXPECT_EQ(cut.faults[1].duration, seconds(1));
    EXPECT_EQ(cut.operations->size(), 2U);
    expect_readable(cut);
}

TEST(PlanEdits, ANodeGoesWithItsPartOfEveryFault) {
    const auto smaller = without_node(some_plan(), 2);

    ASSERT_TRUE(smaller);
    EXPECT_EQ(smaller->nodes, 4U);
    EXPECT_EQ(std::get<nemesis::KillFault>(*smaller->faults[0].action).nodes,
              std::vector<NodeId>{4});
    EXPECT_EQ(smaller->faults[0].detail, "kill n4");
    EXPECT_EQ(smaller->faults[1].detail, "cut n4>n1");
    EXPECT_EQ(smaller->operations->at(0).node, 3U);
    EXPECT_EQ(smaller->operations->at(1).node, 4U);
    expect_readable(*smaller);
}

TEST(PlanEdits, AFaultGoesWithItsLastTarget) {
    Plan plan = some_plan();
    plan.faults[0].action = nemesis::KillFault{{3}};

    const auto smaller = without_node(plan, 3);

    ASSERT_TRUE(smaller);
    ASSERT_EQ(smaller->faults.size(), 1U);
    EXPECT_EQ(smaller->faults[0].id, 2U);
}

TEST(PlanEdits, AShorterGapMovesUpAllThatFollows) {
    const Plan plan = some_plan();
    ASSERT_EQ(moments(plan).size(), 9U);

    const auto shorter = with_gap(plan, 3, milliseconds(1));  // From 2 s on, to 3 s.

    ASSERT_TRUE(shorter);
    EXPECT_EQ(shorter->faults[0].at, seconds(1));
    EXPECT_EQ(shorter->faults[0].duration, milliseconds(1001));
    EXPECT_EQ(shorter->faults[1].at, milliseconds(3001));
    EXPECT_EQ(shorter->faults[1].duration, seconds(3));
    EXPECT_EQ(shorter->operations->at(1).at, seconds(2));
    EXPECT_EQ(shorter->operations->at(2).at, milliseconds(7001));
    EXPECT_EQ(shorter->time_limit, milliseconds(9001));
    EXPECT_FALSE(with_gap(*shorter, 3, milliseconds(1)));
    expect_readable(*shorter);
}

TEST(PlanEdits, TidyingLeavesOutWhatIsNotUsed) {
    const auto tidy = tidied(some_plan());

    ASSERT_TRUE(tidy);
    EXPECT_EQ(tidy->concurrency, 2U);
    EXPECT_EQ(tidy->keys, 2U);
    EXPECT_EQ(tidy->fault_classes, std::vector<std::string>{"kill"});
    EXPECT_EQ(tidy->operations->at(1).slot, 1U);
    EXPECT_FALSE(tidied(*tidy));
    expect_readable(*tidy);
}

RC_GTEST_PROP(PlanEdits, AnySequenceOfEditsLeavesAPlan, ()) {
    Plan plan = some_plan();
    const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 40));
    for (const int step : steps) {
        std::optional<Plan> next;
        const auto amount = static_cast<std::uint32_t>(step / 4);
        if (step % 4 == 0) {
            next = without_node(plan, amount);
        } else if (step % 4 == 1) {
            next = with_gap(plan, amount, milliseconds(50));
        } else if (step % 4 == 2) {
            next = cut_at(plan, seconds(amount + 1));
        } else if (!plan.faults.empty()) {
            const auto changes = simpler(plan.faults.front());
            if (amount < changes.size()) {
                next = plan;
                next->faults.front() = changes[amount];
            }
        }
        if (next) {
            const Size before = size_of(plan, 0);
            const Size after = size_of(*next, 0);
            RC_ASSERT(after.faults <= before.faults);
            RC_ASSERT(after.operations <= before.operations);
            RC_ASSERT(after.nodes <= before.nodes);
            RC_ASSERT(after.length <= before.length);
            plan = *next;
        }
        const std::string text = to_json(plan);
        RC_ASSERT(to_json(plan_from_json(text, "plan.json")) == text);
    }
}

TEST(FaultEdits, SimplerMeansFewerTargetsPlainerRulesOrShorter) {
    const auto details = [](const nemesis::Action& action) {
        std::vector<std::string> words;
        for (const auto& each : simpler(fault(1, seconds(1), milliseconds(3), action))) {
            words.push_back(each.detail);
        }
        return words;
    };

    EXPECT_EQ(details(nemesis::KillFault{{1, 4}}),
              (std::vector<std::string>{"kill n4", "kill n1"}));
    EXPECT_EQ(details(nemesis::PauseFault{{3}}), std::vector<std::string>());
    EXPECT_EQ(details(nemesis::LinkFault{{{{1, 2}, {.delay = milliseconds(5), .drop = 0.5}}}}),
              (std::vector<std::string>{"n1>n2 drop 0.5", "n1>n2 delay 5 ms"}));
    EXPECT_EQ(details(nemesis::ClockFault{{{2, {.rate = 2, .realtime_jump = seconds(3)}}}}),
              (std::vector<std::string>{"clock of n2 at rate 2", "clock of n2 jumps 3.000 s"}));
    EXPECT_EQ(simpler(fault(1, seconds(1), seconds(2), nemesis::PauseFault{{3}})).at(0).duration,
              seconds(1));
}

Event event(EventType type, history::ClientId client, NodeId node, Time time) {
    Event made;
    made.type = type;
    made.client = client;
    made.node = node;
    made.time = time;
    made.function = "read";
    made.key = "k";
    return made;
}

TEST(ObservedRun, AClientInDoubtLeavesItsSlotToTheNext) {
    const std::vector<Event> events{event(EventType::invoke, 0, 1, seconds(1)),
                                    event(EventType::invoke, 1, 2, seconds(2)),
                                    event(EventType::info, 1, 0, seconds(3)),
                                    event(EventType::ok, 0, 1, seconds(3)),
                                    event(EventType::invoke, 2, 2, seconds(4)),
                                    event(EventType::invoke, 0, 1, seconds(5))};

    Plan plan;
    plan.concurrency = 2;
    const auto operations = operations_of(events, plan);

    ASSERT_EQ(operations.size(), 4U);
    EXPECT_EQ(operations[0].slot, 0U);
    EXPECT_EQ(operations[1].slot, 1U);
    EXPECT_EQ(operations[2].slot, 1U);
    EXPECT_EQ(operations[3].slot, 0U);
    EXPECT_EQ(operations[2].at, seconds(4));
    EXPECT_EQ(operations[2].node, 2U);
}

Results with_checks(const std::vector<checker::Check>& checks) {
    Results results;
    results.checks = checks;
    return results;
}

TEST(ObservedRun, OnlyTheSameCheckIsTheSameFailure) {
    const Results results =
        with_checks({{.name = "coverage", .verdict = checker::Verdict::unknown},
                     {.name = "election-safety", .verdict = checker::Verdict::invalid},
                     {.name = "linearizable", .verdict = checker::Verdict::valid}});

    EXPECT_EQ(failing_check(results), "election-safety");
    EXPECT_TRUE(fails(results, "election-safety"));
    EXPECT_FALSE(fails(results, "linearizable"));
    EXPECT_FALSE(fails(results, "coverage"));
    EXPECT_EQ(failing_check(with_checks({})), "");
}

}  // namespace
}  // namespace squall::harness::shrink
