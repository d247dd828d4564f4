#include "harness/run.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <gtest/gtest.h>

#include "fake_cluster.hpp"
#include "harness/failure.hpp"

namespace squall::harness {
namespace {

using history::Event;
using history::EventType;
using history::FaultPhase;
using history::FaultRecord;
using std::chrono::milliseconds;
using std::chrono::seconds;

Plan small_plan() {
    Plan plan;
    plan.seed = 7;
    plan.nodes = 3;
    plan.concurrency = 6;
    plan.time_limit = seconds(5);
    return plan;
}

nemesis::PlannedFault planned(FaultId id, const std::string& name, const std::string& shape) {
    nemesis::PlannedFault fault;
    fault.id = id;
    fault.name = name;
    fault.shape = shape;
    fault.at = seconds(1);
    fault.duration = seconds(1);
    return fault;
}

std::vector<Event> fault_events(const FakeRun& run) {
    std::vector<Event> events;
    std::copy_if(run.events.begin(), run.events.end(), std::back_inserter(events), [](auto& event) {
        return event.type == EventType::fault;
    });
    return events;
}

std::int64_t count(const FakeRun& run, EventType type) {
    return std::count_if(run.events.begin(), run.events.end(), [type](const Event& event) {
        return event.type == type;
    });
}

/// The last event whose note starts so; empty if there is none.
std::string note_with(const FakeRun& run, const std::string& start) {
    for (const Event& event : run.events) {
        if (event.text.starts_with(start)) {
            return event.text;
        }
    }
    return "";
}

TEST(Run, GoesThroughItsPhasesInOrder) {
    const FakeRun run = fake_run(small_plan());

    ASSERT_TRUE(run.finished);
    std::int64_t last = -1;
    for (const std::string phase : {"main", "heal", "settle", "final", "done"}) {
        const std::int64_t index = run.note("phase: " + phase);
        EXPECT_GT(index, last) << phase;
        last = index;
    }
    EXPECT_EQ(run.progress.phase, "done");
}

TEST(Run, KeepsToTheRate) {
    Plan plan = small_plan();
    plan.time_limit = seconds(20);

    const FakeRun run = fake_run(plan);

    // The gap between two operations of a slot is 12 ms on average, but an answer takes 10 ms.
    const auto main_phase =
        std::count_if(run.events.begin(), run.events.end(), [](const Event& event) {
            return event.type == EventType::invoke && !event.final_read;
        });
    EXPECT_GT(main_phase, 6000);
    EXPECT_LT(main_phase, 10'500);
}

TEST(Run, WithoutARateAsksAsFastAsItIsAnswered) {
    Plan plan = small_plan();
    plan.rate = 0;
    plan.time_limit = seconds(2);
    FakeBehaviour behaviour;
    behaviour.answer_within = milliseconds(2);

    EXPECT_GT(fake_run(plan, behaviour).invocations.size(), 10'000U);
}

TEST(Run, DoesNotHammerAClusterThatRefuses) {
    Plan plan = small_plan();
    plan.rate = 0;
    FakeBehaviour behaviour;
    behaviour.fails = 100;
    behaviour.answer_within = Duration(1);

    const FakeRun run = fake_run(plan, behaviour);

    EXPECT_LT(run.note("phase: heal"), 2 * 6 * 1001);
}

TEST(Run, SpreadsSlotsOverAllNodesAndKeepsThemAtHome) {
    const FakeRun run = fake_run(small_plan());

    for (const Invocation& invocation : run.invocations) {
        if (invocation.client < 6) {
            EXPECT_EQ(invocation.node, static_cast<NodeId>(invocation.client % 3 + 1));
        }
    }
}

TEST(Run, TimesOutReadsAsFailAndMutationsAsInfo) {
    FakeBehaviour behaviour;
    behaviour.never_answers = 50;

    const FakeRun run = fake_run(small_plan(), behaviour);

    std::map<ClientId, std::string> open;
    std::map<EventType, int> ends;
    for (const Event& event : run.events) {
        if (event.type == EventType::invoke) {
            open[event.client] = event.function;
        } else if (event.error == "timeout") {
            EXPECT_EQ(event.type == EventType::fail, open[event.client] == "read");
            EXPECT_EQ(event.node, 0U);
            ++ends[event.type];
        }
    }
    EXPECT_GT(ends[EventType::fail], 0);
    EXPECT_GT(ends[EventType::info], 0);
    EXPECT_EQ(static_cast<int>(run.abandoned.size()),
              ends[EventType::fail] + ends[EventType::info]);
}

TEST(Run, IgnoresAnswersThatComeTooLate) {
    Plan plan = small_plan();
    plan.operation_timeout = milliseconds(5);
    FakeBehaviour behaviour;
    behaviour.answer_within = milliseconds(50);

    const FakeRun run = fake_run(plan, behaviour);

    EXPECT_EQ(run.problem, "");
    EXPECT_EQ(
        count(run, EventType::invoke),
        count(run, EventType::ok) + count(run, EventType::fail) + count(run, EventType::info));
}

TEST(Run, ReplacesAClientThatTheServerHasForgotten) {
    FakeBehaviour behaviour;
    behaviour.never_answers = 100;
    Answer expired;
    expired.outcome = history::Outcome::fail;
    expired.error = "session-expired";
    behaviour.extra.emplace(milliseconds(100), Replied{1, expired});

    const FakeRun run = fake_run(small_plan(), behaviour);

    const ClientId forgotten = run.invocations[0].client;
    EXPECT_EQ(std::count_if(run.events.begin(),
                            run.events.end(),
                            [&](const Event& event) { return event.client == forgotten; }),
              2);
}

TEST(Run, SkipsDeletedOperationsAndChangesNoOther) {
    Plan plan = small_plan();
    plan.concurrency = 1;
    plan.deleted_operations = {{0, 3}, {0, 4}};
    Plan whole = plan;
    whole.deleted_operations.clear();

    const FakeRun with = fake_run(whole);
    const FakeRun without = fake_run(plan);

    ASSERT_GT(without.invocations.size(), 10U);
    EXPECT_EQ(without.invocations[2].request, with.invocations[2].request);
    EXPECT_EQ(without.invocations[3].request.key, with.invocations[5].request.key);
    EXPECT_EQ(without.invocations[3].request.function, with.invocations[5].request.function);
}

TEST(Run, AsksWhatThePlanListsAndReadsThoseKeysInTheEnd) {
    Plan plan = small_plan();
    plan.operations = {
        {.slot = 4, .node = 3, .at = milliseconds(700), .request = {"write", "a", 1}},
        {.slot = 0, .node = 2, .at = milliseconds(900), .request = {"read", "b", {}}},
        {.slot = 4, .node = 1, .at = milliseconds(700), .request = {"read", "a", {}}}};
    std::swap((*plan.operations)[1], (*plan.operations)[2]);
    FakeBehaviour behaviour;
    behaviour.answer_within = milliseconds(20);

    const FakeRun run = fake_run(plan, behaviour);

    std::vector<Event> asked;
    std::set<std::string> finals;
    for (const Event& event : run.events) {
        if (event.type == EventType::invoke && event.final_read) {
            finals.insert(event.key);
        } else if (event.type == EventType::invoke) {
            asked.push_back(event);
        }
    }
    ASSERT_EQ(asked.size(), 3U);
    EXPECT_EQ(asked[0].time, milliseconds(700));
    EXPECT_EQ(asked[0].node, 3U);
    EXPECT_EQ(asked[0].value, history::Value(1));
    // Its client is still busy when its time comes.
    EXPECT_GT(asked[1].time, milliseconds(700));
    EXPECT_EQ(asked[1].node, 1U);
    EXPECT_EQ(asked[1].client, asked[0].client);
    EXPECT_EQ(asked[2].time, milliseconds(900));
    EXPECT_EQ(finals, (std::set<std::string>{"a", "b"}));
    EXPECT_TRUE(run.finished);
    EXPECT_EQ(run.problem, "");
}

TEST(Run, RecordsAFaultWithRolesAndMeasuredEffect) {
    Plan plan = small_plan();
    plan.faults = {planned(9, "partition", "leader")};

    const FakeRun run = fake_run(plan);

    const std::vector<Event> events = fault_events(run);
    ASSERT_EQ(events.size(), 2U);
    const FaultRecord& begin = *events[0].fault;
    EXPECT_EQ(begin.id, 9U);
    EXPECT_EQ(begin.phase, FaultPhase::begin);
    EXPECT_EQ(begin.detail, "cut {n1} | {n2 n3}");
    EXPECT_EQ(begin.targets, (std::vector<history::FaultTarget>{{1, "leader"}}));
    EXPECT_TRUE(begin.effect.empty());
    EXPECT_EQ(events[1].fault->phase, FaultPhase::end);
    EXPECT_EQ(events[1].fault->effect.at("messages_cut"), 5);
    EXPECT_GE(run.injected.at(9), seconds(1));
    EXPECT_GE(run.healed.at(9) - run.injected.at(9), seconds(1));
}

TEST(Run, SkipsAFaultThatHasNoTarget) {
    Plan plan = small_plan();
    plan.faults = {planned(1, "kill", "all"), planned(2, "pause", "leader")};
    plan.faults[1].at += milliseconds(500);

    const FakeRun run = fake_run(plan);

    ASSERT_EQ(fault_events(run).size(), 3U);
    EXPECT_EQ(fault_events(run)[1].fault->phase, FaultPhase::skipped);
    EXPECT_EQ(fault_events(run)[1].fault->detail, "no target for 'leader' now");
    EXPECT_EQ(run.injected.count(2), 0U);
    EXPECT_EQ(run.realised.faults.size(), 1U);
}

TEST(Run, HealsAFaultThatWasNeverConfirmed) {
    Plan plan = small_plan();
    plan.faults = {planned(1, "pause", "one")};
    FakeBehaviour behaviour;
    behaviour.fault_unconfirmed = 100;

    const FakeRun run = fake_run(plan, behaviour);

    EXPECT_EQ(run.healed.at(1), seconds(2));
    ASSERT_EQ(fault_events(run).size(), 1U);
    EXPECT_EQ(fault_events(run)[0].fault->phase, FaultPhase::skipped);
}

TEST(Run, GoesOnWhenAFaultCannotBeUndone) {
    Plan plan = small_plan();
    plan.faults = {planned(1, "pause", "one")};
    FakeBehaviour behaviour;
    behaviour.fault_never_ends = 100;

    const FakeRun run = fake_run(plan, behaviour);

    EXPECT_TRUE(run.finished);
    EXPECT_EQ(note_with(run, "heal:"), "heal: not undone in time: pause 1");
}

TEST(Run, InjectsExactlyWhatARealisedPlanSays) {
    Plan plan = small_plan();
    nemesis::PlannedFault fault = planned(1, "from elsewhere", "");
    fault.nodes = {2};
    fault.action = nemesis::KillFault{{2}};
    fault.detail = "kill n2";
    plan.faults = {fault};

    const FakeRun run = fake_run(plan);

    ASSERT_EQ(fault_events(run).size(), 2U);
    EXPECT_EQ(fault_events(run)[0].fault->detail, "kill n2");
    EXPECT_EQ(fault_events(run)[0].fault->targets[0].node, 2U);
}

TEST(Run, StopsEarlyWhenAsked) {
    Plan plan = small_plan();
    plan.faults = {planned(1, "pause", "one")};
    FakeBehaviour behaviour;
    behaviour.extra.emplace(milliseconds(1500), StopRequested{"interrupted"});

    const FakeRun run = fake_run(plan, behaviour);

    EXPECT_EQ(run.healed.at(1), milliseconds(1500));
    EXPECT_EQ(run.realised.time_limit, milliseconds(1500));
    EXPECT_EQ(note_with(run, "stop"), "stop requested: interrupted");
}

TEST(Run, NotesAnUnplannedExitAndDoesNotWaitForThatNode) {
    FakeBehaviour behaviour;
    behaviour.silent = {2};
    behaviour.extra.emplace(seconds(1), NodeExited{2, "signal 6 (Aborted)", "assertion failed"});

    const FakeRun run = fake_run(small_plan(), behaviour);

    EXPECT_EQ(note_with(run, "node"), "node n2 exited: signal 6 (Aborted)");
    EXPECT_EQ(note_with(run, "final:"),
              "final: node n2 is gone, not every key was read through it");
    EXPECT_LT(run.ended, seconds(8));
}

TEST(Run, ReadsEveryTouchedKeyThroughEveryNodeInTheEnd) {
    FakeBehaviour behaviour;
    behaviour.fails = 30;

    const FakeRun run = fake_run(small_plan(), behaviour);

    std::set<std::string> touched;
    std::map<NodeId, std::set<std::string>> read;
    for (const Event& event : run.events) {
        if (event.type == EventType::invoke && !event.final_read) {
            touched.insert(event.key);
        } else if (event.type == EventType::ok && event.final_read) {
            read[event.node].insert(event.key);
        }
    }
    ASSERT_EQ(read.size(), 3U);
    for (const auto& [node, keys] : read) {
        EXPECT_EQ(keys, touched) << node;
    }
}

TEST(Run, GivesUpFinalReadsThroughANodeThatNeverServes) {
    FakeBehaviour behaviour;
    behaviour.never_answers = 100;
    Plan plan = small_plan();
    plan.recovery_bound = seconds(3);

    const FakeRun run = fake_run(plan, behaviour);

    EXPECT_TRUE(run.finished);
    EXPECT_EQ(note_with(run, "final: node n3"),
              "final: node n3 did not answer a read for 3.000 s, not every key was read through "
              "it");
    EXPECT_LT(run.ended, seconds(12));
}

TEST(Run, AsksTheFinalReadsWithinTheRecoveryBoundEvenIfNobodyIsSeenUp) {
    FakeBehaviour behaviour;
    behaviour.silent = {1, 2, 3};
    const Plan plan = small_plan();

    const FakeRun run = fake_run(plan, behaviour);

    const auto heal = static_cast<std::size_t>(run.note("phase: heal"));
    const auto final_reads = static_cast<std::size_t>(run.note("phase: final"));
    EXPECT_LT(run.events[final_reads].time - run.events[heal].time, plan.recovery_bound);
}

TEST(Run, RefusesAPlanWithUnknownNames) {
    Plan plan = small_plan();
    plan.workload = "nonsense";
    EXPECT_THROW(harness::Run run(plan), Failure);

    plan = small_plan();
    plan.faults = {planned(1, "earthquake", "one")};
    EXPECT_THROW(harness::Run run(plan), Failure);
}

}  // namespace
}  // namespace squall::harness
