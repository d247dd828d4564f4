#include "harness/availability_bound.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "history/random.hpp"

namespace squall::harness {
namespace {

using std::chrono::milliseconds;

constexpr AssumedDelays simulated{milliseconds(2), milliseconds(6), milliseconds(150)};

/// How often, of so many elections, the two first of `nodes` uniform timeouts are closer together
/// than a candidacy needs to become known.
double measured_split(const Plan& plan, const AssumedDelays& delays, std::uint64_t elections) {
    const history::Stream stream(7, "timeouts");
    const auto width =
        static_cast<std::uint64_t>((plan.timing.election_max - plan.timing.election_min).count());
    const auto window = static_cast<std::uint64_t>((3 * delays.link + delays.sync).count());
    std::uint64_t split = 0;
    for (std::uint64_t election = 0; election < elections; ++election) {
        std::vector<std::uint64_t> timeouts;
        for (NodeId node = 1; node <= plan.nodes; ++node) {
            timeouts.push_back(stream.below(width, node, election));
        }
        std::sort(timeouts.begin(), timeouts.end());
        split += timeouts[1] - timeouts[0] < window ? 1U : 0U;
    }
    return static_cast<double>(split) / static_cast<double>(elections);
}

TEST(AvailabilityBound, TheChanceOfASplitIsWhatItIsMeasuredToBe) {
    for (const std::uint32_t nodes : {2U, 3U, 5U, 7U}) {
        Plan plan;
        plan.nodes = nodes;
        const auto bound = availability_bound(plan, simulated);
        ASSERT_TRUE(bound) << nodes;

        EXPECT_NEAR(bound->split, measured_split(plan, simulated, 100'000), 0.01) << nodes;
    }
}

TEST(AvailabilityBound, SoManyElectionsInARowFailLessOftenThanStated) {
    const auto bound = availability_bound(Plan{}, simulated);

    ASSERT_TRUE(bound);
    EXPECT_EQ(bound->rounds, 10U);
    EXPECT_LE(std::pow(bound->split, bound->rounds), availability_alarm_probability);
    EXPECT_GT(std::pow(bound->split, bound->rounds - 1), availability_alarm_probability);
    EXPECT_GT(bound->bound, bound->rounds * bound->round);
}

TEST(AvailabilityBound, GrowsWithNodesAndDelays) {
    Plan plan;
    const auto few = availability_bound(plan, simulated);
    plan.nodes = 9;
    const auto many = availability_bound(plan, simulated);
    plan.nodes = 5;
    const auto slow = availability_bound(plan, AssumedDelays{});

    ASSERT_TRUE(few && many && slow);
    EXPECT_GT(many->bound, few->bound);
    EXPECT_GT(slow->bound, few->bound);
}

TEST(AvailabilityBound, ThereIsNoneForTimeoutsCloseTogether) {
    Plan plan;
    plan.timing.election_max = plan.timing.election_min + milliseconds(30);

    EXPECT_FALSE(availability_bound(plan, simulated));
}

TEST(AvailabilityBound, ThereIsNoneWhereLimitsLetThroughLessThanClientsAsk) {
    Plan plan;
    plan.rate = 100;
    plan.limits = NodeLimits{.max_inflight = 1, .max_append_bytes = 1};
    EXPECT_FALSE(availability_bound(plan, simulated));

    plan.rate = 10;
    EXPECT_TRUE(availability_bound(plan, simulated));
}

}  // namespace
}  // namespace squall::harness
