#include "harness/availability_bound.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "history/random.hpp"

namespace squall::harness {
namespace {

using std::chrono::milliseconds;

constexpr AssumedDelays simulated{milliseconds(2), milliseconds(6), milliseconds(150)};

/// A second.
constexpr double mutations = 50;

double in_seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

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

/// Of so many elections, how long the longest took: rounds of the two first timeouts, until they
/// are far enough apart.
double longest_election(const Plan& plan, const AssumedDelays& delays, std::uint64_t elections) {
    const history::Stream stream(11, "elections");
    const double width = in_seconds(plan.timing.election_max - plan.timing.election_min);
    const double window = in_seconds(3 * delays.link + delays.sync);
    const double handling = in_seconds(4 * delays.link + 2 * delays.sync);
    double longest = 0;
    std::uint64_t draw = 0;
    for (std::uint64_t election = 0; election < elections; ++election) {
        double took = 0;
        for (bool elected = false; !elected; ++draw) {
            std::vector<double> timeouts;
            for (NodeId node = 1; node <= plan.nodes; ++node) {
                timeouts.push_back(width * stream.unit(node, draw));
            }
            std::ranges::sort(timeouts);
            took += in_seconds(plan.timing.election_min) + timeouts[0] + handling;
            elected = timeouts[1] - timeouts[0] >= window;
        }
        longest = std::max(longest, took);
    }
    return longest;
}

TEST(AvailabilityBound, TheChanceOfASplitIsWhatItIsMeasuredToBe) {
    for (const std::uint32_t nodes : {2U, 3U, 5U, 7U}) {
        Plan plan;
        plan.nodes = nodes;
        const auto bound = availability_bound(plan, simulated, mutations);
        ASSERT_TRUE(bound) << nodes;

        EXPECT_NEAR(bound->split, measured_split(plan, simulated, 100'000), 0.01) << nodes;
    }
}

/// Where nearly every election is in vain, and where a member is behind by more than can be had.
TEST(AvailabilityBound, IsNoneWhereItWouldBeBeyondAllMeasure) {
    for (const int percent : {60, 80, 90, 95, 99}) {
        Plan plan;
        plan.nodes = 7;
        const Duration window = 3 * simulated.link + simulated.sync;
        plan.timing.election_max = plan.timing.election_min + window * 100 / percent;
        if (const auto bound = availability_bound(plan, simulated, mutations)) {
            EXPECT_GT(bound->bound, plan.timing.election_max) << percent;
            EXPECT_LT(in_seconds(bound->bound), 86'400 * 2) << percent;
        }
    }
    Plan close;
    close.nodes = 7;
    close.timing.election_max = close.timing.election_min + 3 * simulated.link + simulated.sync +
                                std::chrono::microseconds(10);
    EXPECT_FALSE(availability_bound(close, simulated, mutations));

    Plan behind;
    behind.snapshot_interval = std::numeric_limits<std::uint64_t>::max();
    EXPECT_FALSE(availability_bound(behind, simulated, mutations));
}

TEST(AvailabilityBound, NoElectionOfManyTakesAsLongAndSomeTakeHalfOfIt) {
    for (const std::uint32_t nodes : {2U, 5U, 7U}) {
        Plan plan;
        plan.nodes = nodes;
        const auto bound = availability_bound(plan, simulated, mutations);
        ASSERT_TRUE(bound) << nodes;

        const double longest = longest_election(plan, simulated, 100'000);

        EXPECT_LT(longest, in_seconds(bound->election)) << nodes;
        EXPECT_GT(2 * longest, in_seconds(bound->election)) << nodes;
        EXPECT_GT(bound->bound, bound->election);
    }
}

TEST(AvailabilityBound, GrowsWithNodesAndDelays) {
    Plan plan;
    const auto few = availability_bound(plan, simulated, mutations);
    plan.nodes = 9;
    const auto many = availability_bound(plan, simulated, mutations);
    plan.nodes = 5;
    const auto slow = availability_bound(plan, AssumedDelays{}, mutations);

    ASSERT_TRUE(few && many && slow);
    EXPECT_GT(many->bound, few->bound);
    EXPECT_GT(slow->bound, few->bound);
}

TEST(AvailabilityBound, ThereIsNoneForTimeoutsAsCloseTogetherAsACandidacyIsLong) {
    Plan plan;
    plan.timing.election_max = plan.timing.election_min + milliseconds(12);
    EXPECT_FALSE(availability_bound(plan, simulated, mutations));

    plan.timing.election_max = plan.timing.election_min + milliseconds(30);
    EXPECT_TRUE(availability_bound(plan, simulated, mutations));
}

TEST(AvailabilityBound, ThereIsNoneWhereLimitsLetThroughLessThanClientsAsk) {
    Plan plan;
    plan.limits = NodeLimits{.max_inflight = 1, .max_append_bytes = 1};

    EXPECT_FALSE(availability_bound(plan, simulated, 100));
    EXPECT_TRUE(availability_bound(plan, simulated, 10));
}

}  // namespace
}  // namespace squall::harness
