#include "harness/swarm.hpp"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace squall::harness {
namespace {

TEST(Swarm, TheSameSeedGivesTheSamePlan) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        EXPECT_EQ(to_json(swarm_plan(seed)), to_json(swarm_plan(seed)));
    }
}

TEST(Swarm, PlansAreReadBack) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        const std::string text = to_json(swarm_plan(seed));

        EXPECT_EQ(to_json(plan_from_json(text, "plan.json")), text);
    }
}

TEST(Swarm, SeedsDifferInWhatMatters) {
    std::set<std::uint32_t> sizes;
    std::set<std::uint64_t> intervals;
    std::set<std::uint32_t> windows;
    std::set<std::string> workloads;
    std::set<std::string> classes;
    std::set<bool> quorum_only;
    std::set<std::set<std::string>> mixes;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        const Plan plan = swarm_plan(seed);
        sizes.insert(plan.nodes);
        intervals.insert(plan.snapshot_interval);
        windows.insert(plan.limits.value().max_inflight);
        std::set<std::string> mix;
        for (const nemesis::PlannedFault& fault : plan.faults) {
            mix.insert(fault.name);
            classes.insert(fault.name);
        }
        workloads.insert(plan.workload);
        quorum_only.insert(plan.heal_quorum_only);
        mixes.insert(mix);
    }
    EXPECT_EQ(sizes, (std::set<std::uint32_t>{1, 2, 3, 4, 5, 6, 7}));
    EXPECT_EQ(workloads, (std::set<std::string>{"register", "append", "set", "counter", "lin-kv"}));
    EXPECT_EQ(
        classes,
        (std::set<std::string>{"partition", "kill", "pause", "packet", "ramp", "clock", "disk"}));
    EXPECT_EQ(quorum_only.size(), 2U);
    EXPECT_GE(*intervals.begin(), 20U);
    EXPECT_LE(*intervals.rbegin(), 100U);
    EXPECT_GE(windows.size(), 5U);
    EXPECT_GE(mixes.size(), 20U);
    EXPECT_TRUE(mixes.contains({}));
}

TEST(Swarm, SomeRunsTakeTurnsAndSomeTakeOneLeaderAfterTheOther) {
    std::set<std::string> ways;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        const Plan plan = swarm_plan(seed);
        const auto touches = [&plan](std::size_t i) {
            const nemesis::PlannedFault& before = plan.faults[i];
            return before.at + before.duration == plan.faults[i + 1].at;
        };
        // Ramps are made of steps that touch.
        bool without_pause = plan.faults.size() > 2 && plan.faults.front().name != "ramp";
        for (std::size_t i = 0; without_pause && i + 1 < plan.faults.size(); ++i) {
            without_pause = touches(i);
        }
        if (without_pause) {
            ways.insert(plan.faults.front().shape);
            EXPECT_LE(plan.faults.back().at + plan.faults.back().duration, plan.time_limit);
        }
    }
    EXPECT_EQ(ways, (std::set<std::string>{"leader", "turns"}));
}

TEST(Swarm, RealProcessesGetNoDisks) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        for (const nemesis::PlannedFault& fault : swarm_plan(seed, {.real_time = true}).faults) {
            EXPECT_NE(fault.name, "disk") << seed;
        }
    }
}

}  // namespace
}  // namespace squall::harness
