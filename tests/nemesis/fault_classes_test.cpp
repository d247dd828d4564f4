#include <algorithm>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "nemesis/fault_class.hpp"

namespace squall::nemesis {
namespace {

const ClusterView healthy{{1, 2, 3, 4, 5}, 4, {}};

std::optional<Fault> resolve(const std::string& name,
                             const std::string& shape,
                             const ClusterView& view = healthy,
                             std::uint64_t draw = 7) {
    PlannedFault planned;
    planned.name = name;
    planned.shape = shape;
    planned.draw = draw;
    return find_fault_class(name)->resolve(planned, view);
}

RC_GTEST_PROP(FaultClasses, EveryScheduledFaultResolvesOnAHealthyCluster, (std::uint64_t seed)) {
    ScheduleParameters parameters;
    parameters.seed = seed;
    parameters.length = std::chrono::seconds(60);
    parameters.interval = std::chrono::seconds(3);
    parameters.election_timeout = std::chrono::milliseconds(600);

    for (const PlannedFault& planned : make_schedule(fault_classes(), parameters)) {
        const auto fault = find_fault_class(planned.name)->resolve(planned, healthy);
        RC_ASSERT(fault.has_value());
        RC_ASSERT(fault->name == planned.name);
        RC_ASSERT(!fault->targets.empty());
        RC_ASSERT(!fault->detail.empty());
    }
}

TEST(FaultClasses, AreFoundByName) {
    for (const FaultClass* fault_class : fault_classes()) {
        EXPECT_EQ(find_fault_class(fault_class->name()), fault_class);
    }
    EXPECT_EQ(find_fault_class("earthquake"), nullptr);
}

TEST(FaultClasses, AnUnknownShapeHasNoTarget) {
    for (const FaultClass* fault_class : fault_classes()) {
        EXPECT_FALSE(resolve(std::string(fault_class->name()), "nonsense"));
    }
}

TEST(FaultClasses, WhileTheLeaderIsUnknownOrDownSomeLiveNodeIsHit) {
    for (const std::string name : {"partition", "kill", "pause"}) {
        std::set<NodeId> instead;
        for (std::uint64_t draw = 0; draw < 50; ++draw) {
            const auto target = [&](const ClusterView& view) {
                return resolve(name, "leader", view, draw)->targets.front();
            };
            instead.insert(target(ClusterView{{1, 2, 3}, 0, {}}));
            EXPECT_NE(target(ClusterView{{1, 2, 3}, 2, {2}}), 2U) << name;
            EXPECT_EQ(target(ClusterView{{1, 2, 3}, 2, {}}), 2U) << name;
        }
        EXPECT_EQ(instead.size(), 3U) << name;
        EXPECT_FALSE(resolve(name, "leader", ClusterView{{1, 2, 3}, 0, {1, 2, 3}})) << name;
    }
}

TEST(Partition, OfTheLeaderLeavesAMajorityOnTheOtherSide) {
    for (std::uint64_t draw = 0; draw < 20; ++draw) {
        const auto fault = resolve("partition", "leader", healthy, draw);
        ASSERT_TRUE(fault);
        EXPECT_EQ(fault->targets.front(), 4U);
        EXPECT_LE(fault->targets.size(), 2U);
    }
}

TEST(Partition, OfOneCutsANodeThatIsUp) {
    for (std::uint64_t draw = 0; draw < 20; ++draw) {
        const auto fault = resolve("partition", "one", ClusterView{{1, 2, 3}, 0, {1, 3}}, draw);
        ASSERT_TRUE(fault);
        EXPECT_EQ(fault->targets, (std::vector<NodeId>{2}));
        EXPECT_EQ(fault->detail, "cut {n2} | {n1 n3}");
        EXPECT_EQ(std::get<LinkFault>(fault->action).rules.size(), 4U);
    }
}

TEST(Partition, OfASingleNodeDoesNotExist) {
    EXPECT_FALSE(resolve("partition", "one", ClusterView{{1}, 1, {}}));
}

TEST(Kill, TakesOnlyLiveNodesUnlessTheyAreNamed) {
    const ClusterView view{{1, 2, 3, 4, 5}, 0, {2, 3}};

    EXPECT_EQ(resolve("kill", "all", view)->targets, (std::vector<NodeId>{1, 4, 5}));
    PlannedFault named;
    named.name = "kill";
    named.nodes = {2, 5};
    EXPECT_EQ(find_fault_class("kill")->resolve(named, view)->targets, named.nodes);
}

TEST(Pause, GroupsHaveTheSizeOfTheirName) {
    EXPECT_EQ(resolve("pause", "one")->targets.size(), 1U);
    EXPECT_EQ(resolve("pause", "minority")->targets.size(), 2U);
    EXPECT_EQ(resolve("pause", "majority")->targets.size(), 3U);
    EXPECT_EQ(resolve("pause", "all")->detail, "pause n1 n2 n3 n4 n5");
    EXPECT_EQ(resolve("pause", "leader")->targets, (std::vector<NodeId>{4}));
}

TEST(Packet, EveryShapeDoesWhatItsNameSays) {
    const auto rule = [](const std::string& shape) {
        return std::get<LinkFault>(resolve("packet", shape)->action).rules.begin()->second;
    };

    EXPECT_GE(rule("delay").delay, std::chrono::milliseconds(20));
    EXPECT_GE(rule("drop").drop, 0.05);
    EXPECT_LE(rule("drop").drop, 0.4);
    EXPECT_GE(rule("duplicate").duplicate, 0.1);
    EXPECT_GE(rule("reorder").reorder, 0.1);
    const LinkRule flaky = rule("flaky");
    EXPECT_GT(std::min({flaky.drop, flaky.duplicate, flaky.reorder}), 0);
    EXPECT_FALSE(flaky.cut);
}

TEST(Packet, SometimesHitsAllLinksAndSometimesSome) {
    int everywhere = 0;
    for (std::uint64_t draw = 0; draw < 100; ++draw) {
        const auto fault = resolve("packet", "drop", healthy, draw);
        const std::size_t links = std::get<LinkFault>(fault->action).rules.size();
        EXPECT_GE(links, 1U);
        everywhere += links == 20 ? 1 : 0;
    }
    EXPECT_GT(everywhere, 25);
    EXPECT_LT(everywhere, 75);
}

RC_GTEST_PROP(ClockClass, RulesAreBoundedAndDoWhatTheShapeSays, (std::uint64_t draw)) {
    const auto rules = [&](const std::string& shape) {
        return std::get<ClockFault>(resolve("clock", shape, healthy, draw)->action).rules;
    };

    for (const auto& [node, rule] : rules("drift-fast")) {
        RC_ASSERT(rule.rate >= 1.2 && rule.rate <= 5 && rule.realtime_jump == Duration::zero());
    }
    for (const auto& [node, rule] : rules("drift-slow")) {
        RC_ASSERT(rule.rate >= 0.2 && rule.rate <= 0.9 && rule.realtime_jump == Duration::zero());
    }
    for (const auto& [node, rule] : rules("freeze")) {
        RC_ASSERT(rule == ClockRule{.rate = 0});
    }
    for (const auto& [node, rule] : rules("jump-forward")) {
        RC_ASSERT(rule.rate == 1 && rule.realtime_jump >= std::chrono::milliseconds(100) &&
                  rule.realtime_jump <= std::chrono::hours(24));
    }
    for (const auto& [node, rule] : rules("jump-back")) {
        RC_ASSERT(rule.rate == 1 && rule.realtime_jump <= -std::chrono::milliseconds(100) &&
                  rule.realtime_jump >= -std::chrono::hours(24));
    }
}

TEST(ClockClass, WithoutALeaderSomeNodesClockIsHitAllTheSame) {
    for (std::uint64_t draw = 0; draw < 100; ++draw) {
        EXPECT_TRUE(resolve("clock", "freeze", ClusterView{{1, 2, 3}, 0, {}}, draw)) << draw;
    }
}

TEST(ClockClass, PutsTheRuleIntoWords) {
    PlannedFault planned;
    planned.name = "clock";
    planned.shape = "freeze";
    planned.nodes = {2, 4};

    EXPECT_EQ(find_fault_class("clock")->resolve(planned, healthy)->detail,
              "clock: n2 stands still, n4 stands still");
}

TEST(ClockClass, SaysJumpsInTheLargestUnitThatFits) {
    std::set<std::string> units;
    for (std::uint64_t draw = 0; draw < 200; ++draw) {
        const auto fault = resolve("clock", "jump-back", healthy, draw);
        const auto& [node, rule] = *std::get<ClockFault>(fault->action).rules.begin();
        const std::string& words = fault->detail;
        const double said = std::stod(words.substr(words.find("jumps by ") + 9));
        const std::string unit = words.substr(words.rfind(' ') + 1);
        const double unit_ms = unit == "h" ? 3.6e6 : unit == "min" ? 6e4 : unit == "s" ? 1e3 : 1;
        const double ms = std::chrono::duration<double, std::milli>(rule.realtime_jump).count();
        if (std::get<ClockFault>(fault->action).rules.size() == 1) {
            EXPECT_NEAR(said * unit_ms, ms, unit_ms / 10) << words;
            EXPECT_GE(std::abs(said), 1) << words;
            units.insert(unit);
        }
    }
    EXPECT_EQ(units, (std::set<std::string>{"h", "min", "ms", "s"}));
}

}  // namespace
}  // namespace squall::nemesis
