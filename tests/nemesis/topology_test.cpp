#include "nemesis/topology.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace squall::nemesis {
namespace {

Nodes cluster(std::size_t count) {
    Nodes nodes(count);
    std::iota(nodes.begin(), nodes.end(), NodeId{1});
    return nodes;
}

/// A random cluster in random order.
Nodes any_order(std::size_t least) {
    const auto count = *rc::gen::inRange<std::size_t>(least, 12);
    return shuffled(cluster(count), *rc::gen::arbitrary<std::uint64_t>());
}

/// The nodes that a node hears, itself included.
std::set<NodeId> heard_by(NodeId node, const Nodes& nodes, const Grudge& grudge) {
    std::set<NodeId> heard;
    for (const NodeId from : nodes) {
        if (from == node || !grudge.contains(Link{from, node})) {
            heard.insert(from);
        }
    }
    return heard;
}

bool symmetric(const Grudge& grudge) {
    return std::all_of(grudge.begin(), grudge.end(), [&](const Link& link) {
        return grudge.contains(Link{link.to, link.from});
    });
}

RC_GTEST_PROP(Topology, ShuffledKeepsTheNodesAndDependsOnTheDrawAlone, (std::uint64_t draw)) {
    const Nodes nodes = cluster(*rc::gen::inRange<std::size_t>(0, 12));

    Nodes order = shuffled(nodes, draw);

    RC_ASSERT(order == shuffled(nodes, draw));
    std::sort(order.begin(), order.end());
    RC_ASSERT(order == nodes);
}

RC_GTEST_PROP(Topology, CompleteGrudgeCutsExactlyBetweenComponents, ()) {
    const Nodes order = any_order(2);
    const auto middle = order.begin() + *rc::gen::inRange<std::ptrdiff_t>(1, std::ssize(order));
    const std::array<Nodes, 2> halves{Nodes(order.begin(), middle), Nodes(middle, order.end())};

    const Grudge grudge = complete_grudge(halves);

    RC_ASSERT(symmetric(grudge));
    RC_ASSERT(grudge.size() == 2 * halves[0].size() * halves[1].size());
    for (const Nodes& half : halves) {
        for (const NodeId node : half) {
            RC_ASSERT(heard_by(node, order, grudge) == std::set<NodeId>(half.begin(), half.end()));
        }
    }
}

RC_GTEST_PROP(Topology, InAMajoritiesRingEachNodeHearsAMajorityAndNoTwoTheSame, ()) {
    const Nodes order = any_order(3);

    const Grudge grudge = majorities_ring(order);

    RC_ASSERT(symmetric(grudge));
    std::set<std::set<NodeId>> views;
    for (const NodeId node : order) {
        const std::set<NodeId> heard = heard_by(node, order, grudge);
        RC_ASSERT(heard.size() >= majority_of(order.size()));
        RC_ASSERT(views.insert(heard).second);
    }
}

RC_GTEST_PROP(Topology, OnlyTheBridgeHearsBothHalves, ()) {
    const Nodes order = any_order(3);

    const Grudge grudge = bridge(order);

    RC_ASSERT(symmetric(grudge));
    const NodeId joint = order[order.size() / 2];
    for (const NodeId node : order) {
        const std::set<NodeId> heard = heard_by(node, order, grudge);
        RC_ASSERT((heard.size() == order.size()) == (node == joint));
        RC_ASSERT(heard.contains(joint));
    }
}

RC_GTEST_PROP(Topology, OneWayLeavesTheOtherDirectionOpen, ()) {
    const Nodes order = any_order(2);
    const Nodes side{order.front()};

    const Grudge grudge = one_way(side, others(order, side));

    RC_ASSERT(grudge.size() == order.size() - 1);
    RC_ASSERT(heard_by(order.front(), order, grudge).size() == order.size());
    RC_ASSERT(!heard_by(order.back(), order, grudge).contains(order.front()));
}

TEST(Topology, RingAndBridgeOfTwoCutNothing) {
    EXPECT_TRUE(majorities_ring(cluster(2)).empty());
    EXPECT_TRUE(bridge(cluster(2)).empty());
}

TEST(Topology, GroupSizesLeaveWhatTheirNamesPromise) {
    EXPECT_EQ(majority_of(5), 3U);
    EXPECT_EQ(minority_of(5), 2U);
    EXPECT_EQ(minority_of(4), 1U);
    EXPECT_EQ(minority_of(3), 1U);
    EXPECT_EQ(minority_third_of(5), 1U);
    EXPECT_EQ(minority_third_of(7), 2U);
    EXPECT_EQ(minority_third_of(9), 2U);
}

}  // namespace
}  // namespace squall::nemesis
