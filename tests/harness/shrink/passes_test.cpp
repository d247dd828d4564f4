// The ways of shrinking that change more than they leave out: what each names, and that what it
// names can be written, read and run.
#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "harness/shrink/config_edits.hpp"
#include "harness/shrink/fault_edits.hpp"
#include "harness/shrink/fault_joins.hpp"
#include "harness/shrink/pairs.hpp"
#include "harness/shrink/redrawn.hpp"
#include "tests/harness/shrink/planned.hpp"

namespace squall::harness::shrink {
namespace {

using std::chrono::seconds;

Plan plan_of(std::vector<nemesis::PlannedFault> faults) {
    Plan plan;
    plan.time_limit = seconds(20);
    plan.faults = std::move(faults);
    return plan;
}

/// The smallest plan that a pass finds under a rule, and how many it tried.
struct Found {
    Plan plan;
    std::size_t tried = 0;
};

template <typename Fails>
Found go(Pass& pass, const Plan& plan, const Fails& fails) {
    Found found{plan, 0};
    while (const auto candidate = pass.next(found.plan)) {
        const bool failed = fails(*candidate);
        found.plan = failed ? *candidate : found.plan;
        pass.verdict(failed);
        if (++found.tried > 10'000) {
            ADD_FAILURE() << "the pass does not end";
            break;
        }
    }
    return found;
}

const Plan two_kills = plan_of({fault(1, seconds(1), seconds(2), nemesis::KillFault{{2}}),
                                fault(2, seconds(5), seconds(3), nemesis::KillFault{{4}})});

TEST(JoinedFaults, OfOneKindAreBothAtOnceOrEitherAlone) {
    const std::vector<Plan> plans = joined(two_kills, 0, 1);

    ASSERT_EQ(plans.size(), 3U);
    for (const Plan& plan : plans) {
        ASSERT_EQ(plan.faults.size(), 1U);
        EXPECT_EQ(plan.faults[0].at, seconds(1));
        EXPECT_EQ(plan.faults[0].duration, seconds(7));
        EXPECT_EQ(plan.faults[0].id, 1U);
        expect_readable(plan);
    }
    EXPECT_EQ(*plans[0].faults[0].action, nemesis::Action(nemesis::KillFault{{2, 4}}));
    EXPECT_EQ(plans[0].faults[0].detail, "kill n2 n4");
    EXPECT_EQ(*plans[1].faults[0].action, nemesis::Action(nemesis::KillFault{{2}}));
    EXPECT_EQ(*plans[2].faults[0].action, nemesis::Action(nemesis::KillFault{{4}}));
}

TEST(JoinedFaults, OfTwoKindsAreOneOrTheOther) {
    const Plan plan = plan_of({fault(1, seconds(1), seconds(9), nemesis::KillFault{{2}}),
                               fault(2, seconds(5), seconds(1), nemesis::PauseFault{{3}})});

    const std::vector<Plan> plans = joined(plan, 0, 1);

    ASSERT_EQ(plans.size(), 2U);
    EXPECT_EQ(plans[1].faults[0].duration, seconds(9));
}

TEST(JoinedFaults, LinksObeyBothRules) {
    const Plan plan =
        plan_of({fault(1, seconds(1), seconds(1), nemesis::LinkFault{{{{1, 2}, {.drop = 0.5}}}}),
                 fault(2,
                       seconds(2),
                       seconds(1),
                       nemesis::LinkFault{{{{1, 2}, {.cut = true}}, {{2, 1}, {.cut = true}}}})});

    const auto both = std::get<nemesis::LinkFault>(*joined(plan, 0, 1).at(0).faults[0].action);

    EXPECT_EQ(both.rules.size(), 2U);
    EXPECT_TRUE(both.rules.at({1, 2}).cut);
    EXPECT_EQ(both.rules.at({1, 2}).drop, 0.5);
}

TEST(JoinedFaults, WhatIsDrawnWhenItsTimeComesIsLeftAlone) {
    Plan plan = two_kills;
    plan.faults[1].action.reset();

    EXPECT_TRUE(joined(plan, 0, 1).empty());
}

TEST(JoinedFaults, TheirPassEndsWithTheFewest) {
    Plan plan = two_kills;
    for (nemesis::FaultId id = 3; id <= 8; ++id) {
        plan.faults.push_back(fault(id, seconds(id + 5), seconds(1), nemesis::KillFault{{1}}));
    }

    const auto pass = joined_faults(plan);
    const Found found = go(*pass, plan, [](const Plan&) { return true; });

    EXPECT_EQ(found.plan.faults.size(), 1U);
}

TEST(Pairs, GoTogether) {
    Plan plan = plan_of({});
    for (nemesis::FaultId id = 1; id <= 6; ++id) {
        plan.faults.push_back(fault(id, seconds(id), seconds(1), nemesis::KillFault{{1}}));
    }

    const auto pass = without_two_faults(plan);
    const Found found = go(*pass, plan, [](const Plan& candidate) {
        return candidate.faults.size() % 2 == 0;  // An odd number never fails.
    });

    EXPECT_TRUE(found.plan.faults.empty());
}

TEST(Redrawn, TriesOtherSeedsAndStaysWithTheOneThatFailed) {
    Plan plan = two_kills;
    plan.seed = 100;
    std::vector<std::uint64_t> seeds;

    const auto pass = redrawn(fewer_faults(plan), 5);
    const Found found = go(*pass, plan, [&](const Plan& candidate) {
        seeds.push_back(candidate.seed);
        return candidate.seed >= 103 && candidate.faults.size() == 1;
    });

    EXPECT_EQ(found.plan.faults.size(), 1U);
    EXPECT_EQ(found.plan.seed, 103U);
    const std::vector<std::uint64_t> none{100, 101, 102, 103, 104, 105};
    EXPECT_TRUE(std::ranges::equal(none, std::span(seeds).first(none.size())));
}

TEST(Configuration, GoesBackToTheUsualWhereThatFails) {
    Plan plan = two_kills;
    plan.limits = NodeLimits{.segment_bytes = 4096, .max_inflight = 2};
    plan.snapshot_interval = 40;
    plan.heal_quorum_only = true;

    const auto pass = simpler_configuration();
    const Found found = go(*pass, plan, [](const Plan& candidate) {
        expect_readable(candidate);
        return true;
    });

    EXPECT_FALSE(found.plan.limits);
    EXPECT_FALSE(found.plan.heal_quorum_only);
    EXPECT_GT(found.plan.snapshot_interval, 200U);
}

TEST(Configuration, LeavesLittleRoomWhereRoomMatters) {
    Plan plan = two_kills;
    plan.limits = NodeLimits{.segment_bytes = 16384, .max_inflight = 4, .max_append_bytes = 512};
    plan.snapshot_interval = 40;

    const auto pass = simpler_configuration();
    const Found found = go(*pass, plan, [](const Plan& candidate) {
        return candidate.limits && candidate.limits->max_inflight <= 4 &&
               candidate.snapshot_interval <= 40 && candidate.snapshot_interval >= 3;
    });

    ASSERT_TRUE(found.plan.limits);
    EXPECT_EQ(found.plan.limits->max_inflight, 1U);
    EXPECT_EQ(found.plan.limits->segment_bytes, NodeLimits{}.segment_bytes);
    EXPECT_EQ(found.plan.snapshot_interval, 3U);
}

}  // namespace
}  // namespace squall::harness::shrink
