#include "harness/sim/simulate.hpp"

#include <gtest/gtest.h>

#include "checker/progress.hpp"
#include "harness/failure.hpp"
#include "nemesis/fault_class.hpp"
#include "tests/harness/sim/plans.hpp"

namespace squall::harness::sim {
namespace {

using history::FaultPhase;
using Effect = std::map<std::string, std::int64_t>;

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) {
        text += line + "\n";
    }
    return text;
}

/// Every directed link of five nodes under one rule.
nemesis::LinkFault everywhere(const nemesis::LinkRule& rule) {
    nemesis::LinkFault fault;
    for (NodeId from = 1; from <= 5; ++from) {
        for (NodeId to = 1; to <= 5; ++to) {
            if (from != to) {
                fault.rules[{.from = from, .to = to}] = rule;
            }
        }
    }
    return fault;
}

/// Operations that completed ok and were invoked after the fault had ended.
std::int64_t ok_after(const RunRecord& record, std::uint64_t fault) {
    const auto end = std::find_if(record.events.begin(), record.events.end(), [&](const auto& e) {
        return e.fault && e.fault->id == fault && e.fault->phase == FaultPhase::end;
    });
    return std::count_if(end, record.events.end(), [](const auto& event) {
        return event.type == history::EventType::ok;
    });
}

/// Runs a plan with one fault and expects that it took hold, was undone, and harmed nothing.
Effect effect_of(const Plan& plan) {
    const RunRecord record = simulate(plan).record;
    EXPECT_EQ(joined(problems(record)), "");
    EXPECT_NE(find_fault(record, 1, FaultPhase::begin), nullptr);
    EXPECT_GT(ok_after(record, 1), 20);
    const history::FaultRecord* end = find_fault(record, 1, FaultPhase::end);
    return end != nullptr ? end->effect : Effect{};
}

TEST(Simulate, OneOperationGoesAllTheWayThrough) {
    Plan plan = calm_plan(1);
    plan.concurrency = 1;

    const Simulation simulation = simulate(plan, {.keep_traces = true});

    EXPECT_EQ(joined(problems(simulation.record)), "");
    EXPECT_GT(count_ok(simulation.record), 20);
    EXPECT_FALSE(simulation.traces.empty());
    EXPECT_GE(simulation.record.elapsed, plan.time_limit);
}

TEST(Simulate, KeepingMessagesChangesNothing) {
    const Plan plan = calm_plan(1);

    const Simulation plain = simulate(plan);
    const Simulation kept = simulate(plan, {.keep_traces = true});

    EXPECT_TRUE(plain.messages.empty());
    EXPECT_EQ(plain.record.events, kept.record.events);
    EXPECT_EQ(plain.steps, kept.steps);
    std::map<std::string, int> arrived;
    for (const NodeMessage& message : kept.messages) {
        arrived[message.name] += message.fate == Fate::arrived ? 1 : 0;
        EXPECT_LE(message.sent, message.received);
    }
    for (const char* name : {"vote_request",
                             "vote_reply",
                             "append_request",
                             "append_reply",
                             "heartbeat",
                             "heartbeat_reply",
                             "request",
                             "reply"}) {
        EXPECT_GT(arrived[name], 0) << name;
    }
}

TEST(Simulate, MessagesToAKilledNodeComeToNobody) {
    const Simulation kept =
        simulate(plan_with("kill", nemesis::KillFault{{1, 2}}), {.keep_traces = true});

    EXPECT_TRUE(std::ranges::any_of(
        kept.messages, [](const NodeMessage& message) { return message.fate == Fate::nobody; }));
}

TEST(Simulate, AKilledNodeComesBackWithItsLog) {
    const auto effect = effect_of(plan_with("kill", nemesis::KillFault{{1, 2}}));

    EXPECT_EQ(effect.at("nodes_killed"), 2);
    EXPECT_NEAR(static_cast<double>(effect.at("down_ms")), 3000, 2);
}

TEST(Simulate, AllNodesKilledAtOnceLoseNothing) {
    const auto effect = effect_of(plan_with("kill", nemesis::KillFault{{1, 2, 3, 4, 5}}));

    EXPECT_EQ(effect.at("nodes_killed"), 5);
}

/// The first kill of the class's that brings all nodes back one after the other.
std::vector<nemesis::PlannedFault> staggered_kill() {
    nemesis::ScheduleParameters parameters;
    parameters.nodes = 5;
    parameters.length = seconds(4);
    parameters.interval = seconds(2);
    parameters.election_timeout = milliseconds(600);
    for (;; ++parameters.seed) {
        auto faults = nemesis::find_fault_class("kill")->schedule(parameters);
        if (faults.front().shape == "all" && !faults.front().nodes.empty()) {
            const Time at = faults.front().at;
            std::erase_if(faults, [at](const auto& planned) { return planned.at != at; });
            return faults;
        }
    }
}

TEST(Simulate, NodesThatDiedTogetherComeBackOneAfterTheOther) {
    Plan plan = calm_plan(1);
    plan.faults = staggered_kill();

    const Simulation simulation = simulate(plan, {.keep_traces = true});

    EXPECT_EQ(joined(problems(simulation.record)), "");
    EXPECT_GT(ok_after(simulation.record, plan.faults.back().id), 20);
    std::map<NodeId, Time> second_life;
    for (const checker::TraceRecord& record : simulation.traces) {
        if (record.incarnation == 2) {
            second_life.try_emplace(record.node, Time(record.raw_time_ns));
        }
    }
    ASSERT_EQ(plan.faults.size(), 5U);
    for (const nemesis::PlannedFault& planned : plan.faults) {
        ASSERT_EQ(planned.nodes.size(), 1U);
        EXPECT_EQ(
            find_fault(simulation.record, planned.id, FaultPhase::end)->effect.at("nodes_killed"),
            1);
        const Time healed = planned.at + planned.duration;
        EXPECT_GE(second_life.at(planned.nodes.front()), healed);
        EXPECT_LE(second_life.at(planned.nodes.front()), healed + milliseconds(110));
    }
}

TEST(Simulate, ANodeThatMissedTooMuchInstallsASnapshot) {
    Plan plan = plan_with("kill", nemesis::KillFault{{1, 2}});
    plan.snapshot_interval = 20;
    plan.rate = 200;

    const Simulation simulation = simulate(plan, {.keep_traces = true});

    EXPECT_EQ(joined(problems(simulation.record)), "");
    EXPECT_TRUE(
        std::any_of(simulation.traces.begin(), simulation.traces.end(), [](const auto& record) {
            const auto* snapshot = std::get_if<checker::TraceSnapshot>(&record.body);
            return record.node <= 2 && snapshot != nullptr && snapshot->installed;
        }));
}

TEST(Simulate, APausedNodeGoesOnWhereItStood) {
    const auto effect = effect_of(plan_with("pause", nemesis::PauseFault{{3}}));

    EXPECT_EQ(effect.at("nodes_paused"), 1);
    EXPECT_NEAR(static_cast<double>(effect.at("paused_ms")), 1500, 1);
}

TEST(Simulate, ANodeThatIsKilledWhilePausedComesBack) {
    Plan plan = plan_with("pause", nemesis::PauseFault{{1, 2, 3}});
    plan.faults.push_back(plan.faults.front());
    plan.faults.back().id = 2;
    plan.faults.back().name = "kill";
    plan.faults.back().at += milliseconds(500);
    plan.faults.back().duration = milliseconds(500);
    plan.faults.back().action = nemesis::KillFault{{1, 2}};

    const auto effect = effect_of(plan);

    EXPECT_EQ(effect.at("nodes_paused"), 3);
    EXPECT_NEAR(static_cast<double>(effect.at("paused_ms")), 500 + 500 + 1500, 2);
}

TEST(Simulate, PowerLossOfAllNodesLosesNothingThatWasPromised) {
    const auto effect = effect_of(plan_with("disk", nemesis::PowerFault{{1, 2, 3, 4, 5}, 0}));

    EXPECT_EQ(effect.at("nodes_without_power"), 5);
    EXPECT_NEAR(static_cast<double>(effect.at("down_ms")), 5 * 1500, 2);
}

TEST(Simulate, PowerLossTakesWhatWasNotSynced) {
    std::int64_t bytes = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        bytes += effect_of(plan_with("disk", nemesis::PowerFault{{1, 2, 3, 4, 5}, 0}, seed))
                     .at("bytes_lost");
    }

    EXPECT_GT(bytes, 0);
}

TEST(Simulate, SlowDisksSlowDownAndHarmNothing) {
    const nemesis::DiskRule slow{.sync_delay = milliseconds(100)};
    const auto effect = effect_of(plan_with("disk", nemesis::DiskFault{{{1, slow}, {2, slow}}}));

    EXPECT_GT(effect.at("syncs_delayed"), 3);
}

TEST(Simulate, StuckDisksOfAMajorityStopAndGoOn) {
    const nemesis::DiskRule stuck{.stuck = true};
    const auto effect =
        effect_of(plan_with("disk", nemesis::DiskFault{{{1, stuck}, {2, stuck}, {3, stuck}}}));

    EXPECT_GE(effect.at("syncs_stuck"), 1);
    EXPECT_LE(effect.at("syncs_stuck"), 3);
}

TEST(Simulate, ANodeWhoseDiskFailsEndsAndComesBackWhenItIsWell) {
    for (const nemesis::DiskRule& rule :
         {nemesis::DiskRule{.sync_error = 1}, nemesis::DiskRule{.write_error = 1}}) {
        const Plan plan = plan_with("disk", nemesis::DiskFault{{{1, rule}, {2, rule}}});
        const RunRecord record = simulate(plan).record;

        EXPECT_EQ(joined(problems(record)), "");
        EXPECT_TRUE(std::any_of(record.events.begin(), record.events.end(), [](const auto& event) {
            return event.text == "node n1 exited: its disk failed";
        }));
        EXPECT_GT(ok_after(record, 1), 20);
    }
}

TEST(Simulate, AFullDiskIsMetAtTheEndOfASegment) {
    const nemesis::DiskRule full{.full = true};
    Plan plan = plan_with("disk", nemesis::DiskFault{{{1, full}, {2, full}}});
    plan.snapshot_interval = 10;

    EXPECT_GT(effect_of(plan).at("writes_without_room"), 0);
}

TEST(Simulate, ARottenNodeStaysAwayAndTheOthersGoOn) {
    Plan plan = plan_with("disk", nemesis::PowerFault{{1, 2}, 3});

    const RunRecord record = simulate(plan).record;

    EXPECT_EQ(joined(problems(record)), "");
    EXPECT_TRUE(std::any_of(record.events.begin(), record.events.end(), [](const auto& event) {
        return event.text == "node n1 exited: refused to start";
    }));
    EXPECT_GT(ok_after(record, 1), 20);
}

TEST(Simulate, AQuorumGoesOnWhenTheRestIsBrokenForEver) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        Plan plan = calm_plan(seed);
        plan.heal_quorum_only = true;

        const RunRecord record = simulate(plan).record;

        EXPECT_EQ(joined(problems(record)), "");
        const checker::Check progress = checker::progress_check(
            record.events,
            {.recovery_bound = plan.recovery_bound, .election_timeout = plan.timing.election_max},
            {});
        EXPECT_EQ(progress.verdict, checker::Verdict::valid) << progress.reason;
        EXPECT_EQ(std::count_if(record.events.begin(),
                                record.events.end(),
                                [](const auto& event) {
                                    return event.fault && event.fault->name == "for-ever";
                                }),
                  2);
    }
}

TEST(Simulate, ProgressIsNotOwedBeyondTheFaultBudget) {
    const Plan plan = plan_with("disk", nemesis::PowerFault{{1, 2, 3}, 3});

    const RunRecord record = simulate(plan).record;

    EXPECT_EQ(joined(problems(record)), "");
    EXPECT_EQ(checker::progress_check(record.events,
                                      {.recovery_bound = plan.recovery_bound,
                                       .election_timeout = plan.timing.election_max},
                                      {})
                  .verdict,
              checker::Verdict::unknown);
}

TEST(Simulate, AFrozenClockStandsAndGoesOn) {
    const auto effect = effect_of(plan_with(
        "clock", nemesis::ClockFault{{{1, {.rate = 0}}, {2, {.rate = 0}}, {3, {.rate = 0}}}}));

    EXPECT_GE(effect.at("clock_changes"), 3);
    EXPECT_NEAR(static_cast<double>(effect.at("clock_offset_ms_max")), 1500, 200);
}

TEST(Simulate, FastAndSlowClocksAreMeasuredAndHarmNothing) {
    const auto effect =
        effect_of(plan_with("clock", nemesis::ClockFault{{{1, {.rate = 5}}, {2, {.rate = 0.2}}}}));

    EXPECT_EQ(effect.at("clock_changes"), 2);
    EXPECT_NEAR(static_cast<double>(effect.at("clock_offset_ms_max")), 4 * 1500, 200);
}

TEST(Simulate, AJumpOfTheWallClockIsNoEffectWhereNobodyLooksAtOne) {
    const auto effect = effect_of(
        plan_with("clock", nemesis::ClockFault{{{1, {.rate = 1, .realtime_jump = seconds(100)}}}}));

    EXPECT_EQ(effect.at("clock_changes"), 0);
    EXPECT_EQ(effect.at("clock_offset_ms_max"), 0);
}

TEST(Simulate, CutsBiteAndHeal) {
    const auto effect = effect_of(plan_with("partition", everywhere({.cut = true})));

    EXPECT_GT(effect.at("messages_cut"), 0);
    EXPECT_EQ(effect.size(), 1U);
}

TEST(Simulate, DelaysBiteAndHeal) {
    const auto effect = effect_of(
        plan_with("packet", everywhere({.delay = milliseconds(20), .jitter = milliseconds(20)})));

    EXPECT_GT(effect.at("messages_delayed"), 0);
    EXPECT_EQ(effect.size(), 1U);
}

TEST(Simulate, EveryLawOfDelayBitesAndHarmsNothing) {
    for (const nemesis::JitterLaw law : nemesis::all_jitter_laws) {
        const auto effect =
            effect_of(plan_with("packet", everywhere({.jitter = milliseconds(400), .law = law})));

        EXPECT_GT(effect.at("messages_delayed"), 0) << nemesis::to_string(law);
    }
}

TEST(Simulate, DropsBiteAndHeal) {
    const auto effect = effect_of(plan_with("packet", everywhere({.drop = 0.2})));

    EXPECT_GT(effect.at("messages_dropped"), 0);
    EXPECT_EQ(effect.size(), 1U);
}

TEST(Simulate, DuplicatesBiteAndHeal) {
    const auto effect =
        effect_of(plan_with("packet", everywhere({.jitter = milliseconds(10), .duplicate = 0.3})));

    EXPECT_GT(effect.at("messages_duplicated"), 0);
}

TEST(Simulate, ReorderingBitesAndHeals) {
    const auto effect = effect_of(plan_with("packet", everywhere({.reorder = 0.3})));

    EXPECT_GT(effect.at("messages_reordered"), 0);
}

TEST(Simulate, EqualPlansGiveByteIdenticalHistories) {
    const Plan plan = stormy_plan(7);

    const Simulation first = simulate(plan);
    const Simulation second = simulate(plan);

    EXPECT_EQ(history_text(first.record), history_text(second.record));
    EXPECT_EQ(first.steps, second.steps);
    EXPECT_EQ(to_json(first.record.realised), to_json(second.record.realised));
}

TEST(Simulate, DifferentSeedsGiveDifferentHistories) {
    EXPECT_NE(history_text(simulate(stormy_plan(7)).record),
              history_text(simulate(stormy_plan(8)).record));
}

TEST(Simulate, TooManyEventsMakeTheRunVoid) {
    const Simulation simulation = simulate(calm_plan(1), {.events_max = 1000});

    EXPECT_NE(simulation.record.void_reason, "");
}

TEST(Simulate, AnUnknownBugIsAUsageError) {
    Plan plan = calm_plan(1);
    plan.bug = "no-such-bug";

    EXPECT_THROW(static_cast<void>(simulate(plan)), UsageError);
}

}  // namespace
}  // namespace squall::harness::sim
