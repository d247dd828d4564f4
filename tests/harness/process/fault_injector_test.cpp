#include "harness/process/fault_injector.hpp"

#include <chrono>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace squall::harness::process {

namespace {

using namespace std::chrono_literals;
using nemesis::Fault;
using nemesis::KillFault;
using nemesis::Link;
using nemesis::LinkFault;
using nemesis::LinkRule;
using nemesis::PauseFault;

Fault kill(std::vector<NodeId> nodes) {
    return {"kill", "kill", nodes, KillFault{nodes}};
}

Fault pause(std::vector<NodeId> nodes) {
    return {"pause", "pause", nodes, PauseFault{nodes}};
}

Fault on_links(std::map<Link, LinkRule> rules) {
    return {"links", "links", {}, LinkFault{std::move(rules)}};
}

/// Nodes and links that reach the wanted state only when the test says so.
class Injection : public ::testing::Test {
  protected:
    struct Wanted {
        bool down = false;
        bool paused = false;
        friend bool operator==(const Wanted&, const Wanted&) = default;
    };

    FaultSurface surface() {
        return {.want =
                    [this](NodeId node, bool is_down, bool paused) {
                        wanted[node] = Wanted{is_down, paused};
                    },
                .up = [this](NodeId node) { return !down.contains(node); },
                .paused = [this](NodeId node) { return stopped.contains(node); },
                .apply_links =
                    [this](auto rules, auto done) {
                        for (const auto& [link, rule] : rules) {
                            in_force[link] = rule;
                        }
                        pending.push_back(std::move(done));
                    },
                .set_clock = [this](NodeId node,
                                    const nemesis::ClockRule& rule) { clocks[node] = rule; },
                .measure_clock = [this](NodeId node) { measured.push_back(node); },
                .read_clock = [this](NodeId node) { return seen[node]; },
                .now = [this] { return now; },
                .report =
                    [this](const Input& input) {
                        if (const auto* begun = std::get_if<FaultBegun>(&input)) {
                            begun_faults.push_back(begun->id);
                        } else if (const auto* ended = std::get_if<FaultEnded>(&input)) {
                            effects[ended->id] = ended->effect;
                        }
                    }};
    }

    std::map<NodeId, nemesis::ClockRule> clocks;
    std::map<NodeId, ClockControl::Reading> seen;
    std::vector<NodeId> measured;

    void die(NodeId node) {
        down.insert(node);
        stopped.erase(node);
        injector.on_killed(node);
    }

    void come_up(NodeId node) {
        down.erase(node);
        injector.on_started(node);
    }

    void stop(NodeId node) {
        stopped.insert(node);
        injector.on_paused(node);
    }

    void resume(NodeId node) {
        stopped.erase(node);
        injector.on_resumed(node);
    }

    void links_done() {
        const auto done = std::exchange(pending, {});
        for (const auto& call : done) {
            call(readings);
        }
    }

    Time now{};
    std::map<NodeId, Wanted> wanted;
    std::set<NodeId> down;
    std::set<NodeId> stopped;
    std::map<Link, LinkRule> in_force;
    std::vector<std::function<void(LinkReadings)>> pending;
    LinkReadings readings;
    std::vector<FaultId> begun_faults;
    std::map<FaultId, std::map<std::string, std::int64_t>> effects;
    FaultInjector injector{surface()};
};

using Effect = std::map<std::string, std::int64_t>;

}  // namespace

TEST_F(Injection, KillIsInForceWhenTheLastNodeHasEnded) {
    injector.inject(1, kill({1, 2}));

    die(1);
    EXPECT_TRUE(begun_faults.empty());
    die(2);

    EXPECT_EQ(begun_faults, std::vector<FaultId>{1});
}

TEST_F(Injection, KillMeasuresTheTimeFromExitToRestart) {
    injector.inject(1, kill({1, 2}));
    now = 10ms;
    die(1);
    die(2);

    now = 110ms;
    injector.heal(1);
    EXPECT_EQ(wanted[1], (Wanted{false, false}));

    EXPECT_EQ(effects[1], (Effect{{"nodes_killed", 2}, {"down_ms", 200}}));
}

TEST_F(Injection, NodeStaysDownWhileAnotherKillHoldsIt) {
    injector.inject(1, kill({1}));
    die(1);
    injector.inject(2, kill({1}));
    EXPECT_EQ(begun_faults, (std::vector<FaultId>{1, 2}));

    injector.heal(1);
    EXPECT_TRUE(wanted[1].down);
    injector.heal(2);

    EXPECT_FALSE(wanted[1].down);
    EXPECT_EQ(effects[1]["nodes_killed"], 1);
    EXPECT_EQ(effects[2]["nodes_killed"], 0);
}

TEST_F(Injection, KillHealedBeforeItIsInForceIsUndoneAfterwards) {
    injector.inject(1, kill({1}));

    injector.heal(1);
    EXPECT_TRUE(wanted[1].down);
    die(1);

    EXPECT_FALSE(wanted[1].down);
    EXPECT_EQ(begun_faults, std::vector<FaultId>{1});
    EXPECT_TRUE(effects.contains(1));
}

TEST_F(Injection, PauseOfANodeThatIsKilledMeanwhileEndsWithTheKill) {
    injector.inject(1, pause({1}));
    stop(1);
    now = 50ms;
    injector.inject(2, kill({1}));
    EXPECT_EQ(wanted[1], (Wanted{true, true}));
    die(1);

    now = 80ms;
    injector.heal(1);
    injector.heal(2);

    EXPECT_EQ(effects[1], (Effect{{"nodes_paused", 1}, {"paused_ms", 50}}));
    EXPECT_EQ(effects[2], (Effect{{"nodes_killed", 1}, {"down_ms", 30}}));
    EXPECT_EQ(wanted[1], (Wanted{false, false}));
}

TEST_F(Injection, RestartedNodeIsPausedAgainWhileAPauseHoldsIt) {
    injector.inject(1, kill({1}));
    die(1);
    injector.inject(2, pause({1}));
    EXPECT_EQ(begun_faults, (std::vector<FaultId>{1, 2}));

    injector.heal(1);
    EXPECT_EQ(wanted[1], (Wanted{false, true}));
    come_up(1);
    stop(1);
    now = 40ms;
    injector.heal(2);

    EXPECT_EQ(effects[2], (Effect{{"nodes_paused", 1}, {"paused_ms", 40}}));
}

TEST_F(Injection, ClockFaultsCombineAndTellWhatTheNodesHaveReadOfThem) {
    seen[1] = {.changes = 7, .offset_max = {}};
    injector.inject(1, {"clock", "", {1}, nemesis::ClockFault{{{1, {.rate = 4}}}}});
    seen[1] = {.changes = 8, .offset_max = 30ms};
    injector.inject(2, {"clock", "", {1}, nemesis::ClockFault{{{1, {.rate = 0.5}}}}});
    EXPECT_EQ(clocks[1], nemesis::ClockRule{.rate = 2});
    EXPECT_EQ(begun_faults, (std::vector<FaultId>{1, 2}));
    seen[1].changes = 9;

    injector.heal(1);
    EXPECT_EQ(clocks[1], nemesis::ClockRule{.rate = 0.5});
    injector.heal(2);

    EXPECT_EQ(clocks[1], nemesis::ClockRule{});
    EXPECT_EQ(effects[1], (Effect{{"clock_changes", 2}, {"clock_offset_ms_max", 30}}));
    EXPECT_EQ(effects[2], (Effect{{"clock_changes", 1}, {"clock_offset_ms_max", 30}}));
    EXPECT_EQ(measured, (std::vector<NodeId>{1, 1}));
}

TEST_F(Injection, AClockThatNobodyReadsHasNoEffect) {
    injector.inject(1, {"clock", "", {1}, nemesis::ClockFault{{{1, {.rate = 0}}}}});
    seen[1].offset_max = 9000ms;  // Of an earlier fault, told late.
    injector.heal(1);

    EXPECT_EQ(effects[1], (Effect{{"clock_changes", 0}, {"clock_offset_ms_max", 0}}));
}

TEST_F(Injection, PauseThatMeetsOnlyDeadNodesHasNoEffect) {
    down.insert(1);

    injector.inject(1, pause({1}));
    injector.heal(1);

    EXPECT_EQ(effects[1], (Effect{{"nodes_paused", 0}, {"paused_ms", 0}}));
}

TEST_F(Injection, NodeThatCrashesWhileAwaitedDoesNotHoldTheFaultUp) {
    injector.inject(1, kill({1}));

    down.insert(1);
    injector.on_died(1);

    EXPECT_EQ(begun_faults, std::vector<FaultId>{1});
}

TEST_F(Injection, LinkRulesCombineAndOnlyTheOwnEffectIsCounted) {
    const Link link{1, 2};
    readings[link] = {};
    injector.inject(1, on_links({{link, {.cut = true}}}));
    injector.inject(2, on_links({{link, {.delay = 5ms}}}));
    EXPECT_TRUE(in_force[link].cut);
    EXPECT_EQ(in_force[link].delay, 5ms);
    EXPECT_TRUE(begun_faults.empty());
    links_done();
    EXPECT_EQ(begun_faults, (std::vector<FaultId>{1, 2}));

    readings[link] = {.passed = 9, .cut = 3, .delayed = 2};
    injector.heal(1);
    EXPECT_FALSE(in_force[link].cut);
    links_done();
    readings[link] = {.passed = 9, .cut = 3, .delayed = 7};
    injector.heal(2);
    links_done();

    EXPECT_EQ(in_force[link], LinkRule{});
    EXPECT_EQ(effects[1], (Effect{{"messages_cut", 3}}));
    EXPECT_EQ(effects[2], (Effect{{"messages_delayed", 7}}));
}

}  // namespace squall::harness::process
