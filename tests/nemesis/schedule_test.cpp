#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "nemesis/fault_class.hpp"

namespace squall::nemesis {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

ScheduleParameters parameters(std::uint64_t seed, Duration length) {
    ScheduleParameters parameters;
    parameters.seed = seed;
    parameters.nodes = 5;
    parameters.length = length;
    parameters.interval = seconds(3);
    parameters.election_timeout = milliseconds(600);
    return parameters;
}

RC_GTEST_PROP(Schedule, EveryClassComesEarlyAndEndsBeforeTheMainPhase, (std::uint64_t seed)) {
    const ScheduleParameters given =
        parameters(seed, milliseconds(*rc::gen::inRange(1000, 90'000)));

    for (const FaultClass* fault_class : fault_classes()) {
        const std::vector<PlannedFault> faults = fault_class->schedule(given);

        RC_ASSERT(!faults.empty());
        RC_ASSERT(faults.front().at <= given.interval);
        RC_ASSERT(faults.front().at <= given.length / 3);
        RC_ASSERT(faults.front().shape != "leader");
        RC_ASSERT(!faults.front().shape.starts_with("jump-"));
        for (const PlannedFault& planned : faults) {
            RC_ASSERT(planned.name == fault_class->name());
            RC_ASSERT(planned.duration > Duration::zero());
            RC_ASSERT(planned.at + planned.duration <= given.length);
        }
    }
}

RC_GTEST_PROP(Schedule, InjectionsOfAClassDoNotOverlap, (std::uint64_t seed)) {
    for (const FaultClass* fault_class : fault_classes()) {
        const std::vector<PlannedFault> faults =
            fault_class->schedule(parameters(seed, seconds(120)));

        for (std::size_t i = 1; i < faults.size(); ++i) {
            const PlannedFault& before = faults[i - 1];
            // The entries of one injection belong together; they share its random bits.
            if (before.name != "kill" || before.draw != faults[i].draw) {
                RC_ASSERT(faults[i].at >= before.at + before.duration);
            }
        }
    }
}

RC_GTEST_PROP(Schedule, LeavesTheClusterTimeToWork, (std::uint64_t seed)) {
    for (const FaultClass* fault_class : fault_classes()) {
        const auto faults = fault_class->schedule(parameters(seed, seconds(300)));
        Duration busy{};
        Time until{};
        for (const PlannedFault& planned : faults) {
            const Time end = planned.at + planned.duration;
            busy += std::max(end, until) - std::max(planned.at, until);
            until = std::max(end, until);
        }

        RC_ASSERT(busy < milliseconds(300'000 * 55 / 100));
        RC_ASSERT(faults.size() >= 50U);
    }
}

RC_GTEST_PROP(Schedule, MergingKeepsTheOrderAndMakesIdsUnique, (std::uint64_t seed)) {
    const auto merged = make_schedule(fault_classes(), parameters(seed, seconds(30)));

    for (std::size_t i = 0; i < merged.size(); ++i) {
        RC_ASSERT(merged[i].id == i + 1);
        RC_ASSERT((i == 0 || merged[i - 1].at <= merged[i].at));
    }
}

RC_GTEST_PROP(Schedule, OneClassDoesNotDependOnTheOthers, (std::uint64_t seed)) {
    const ScheduleParameters given = parameters(seed, seconds(30));
    const auto merged = make_schedule(fault_classes(), given);

    for (const FaultClass* fault_class : fault_classes()) {
        const auto alone = fault_class->schedule(given);
        std::size_t next = 0;
        for (const PlannedFault& planned : merged) {
            if (planned.name == fault_class->name()) {
                RC_ASSERT(next < alone.size());
                RC_ASSERT(planned.at == alone[next].at);
                RC_ASSERT(planned.draw == alone[next].draw);
                ++next;
            }
        }
        RC_ASSERT(next == alone.size());
    }
}

TEST(Schedule, ShowsEveryShapeOfAClassWithinItsFirstRound) {
    const std::map<std::string, std::set<std::string>> expected{
        {"partition", {"one", "majority", "ring", "bridge", "one-way", "half-open", "leader"}},
        {"kill", {"one", "minority", "majority", "all", "leader", "subset-restart"}},
        {"pause", {"one", "minority", "majority", "all", "leader"}},
        {"packet", {"delay", "drop", "duplicate", "reorder", "flaky"}},
        {"ramp", {"towards", "from", "towards-then-cut"}},
        {"clock", {"drift-fast", "drift-slow", "freeze", "jump-forward", "jump-back", "strobe"}},
        {"disk", {"power-loss", "slow", "stuck", "sync-error", "write-error", "full", "bit-flip"}}};

    for (const FaultClass* fault_class : fault_classes()) {
        std::set<std::string> seen;
        for (const PlannedFault& planned : fault_class->schedule(parameters(1, seconds(60)))) {
            seen.insert(planned.shape);
        }
        EXPECT_EQ(seen, expected.at(std::string(fault_class->name())));
    }
}

TEST(Schedule, MostFaultsOutlastAnElectionTimeout) {
    for (const FaultClass* fault_class : fault_classes()) {
        if (fault_class->name() == "ramp") {
            continue;  // Its entries are the stairs of injections that last.
        }
        int longer = 0;
        int all = 0;
        for (std::uint64_t seed = 0; seed < 50; ++seed) {
            for (const auto& planned : fault_class->schedule(parameters(seed, seconds(60)))) {
                ++all;
                longer += planned.duration > milliseconds(720) ? 1 : 0;
            }
        }
        EXPECT_GT(2 * longer, all) << fault_class->name();
    }
}

TEST(Schedule, TwoNodesGetOnlyShapesThatCutSomething) {
    ScheduleParameters given = parameters(1, seconds(60));
    given.nodes = 2;
    const FaultClass* partition = find_fault_class("partition");

    for (const PlannedFault& planned : partition->schedule(given)) {
        EXPECT_TRUE(partition->resolve(planned, ClusterView{{1, 2}, 1, {}})) << planned.shape;
    }
}

}  // namespace
}  // namespace squall::nemesis
