#include "harness/sim/virtual_network.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

#include <gtest/gtest.h>

namespace squall::harness::sim {
namespace {

using history::Time;
using nemesis::Link;
using nemesis::LinkRule;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr Link link{.from = 1, .to = 2};
constexpr int messages = 1000;

/// Sends one message every 100 us; the arrival times of all copies, in the order of sending.
std::vector<Time> arrivals(VirtualNetwork& network, bool counts = true) {
    std::vector<Time> times;
    for (int i = 0; i < messages; ++i) {
        const auto fate = network.send(microseconds(100) * i, link, counts);
        for (const auto& delivery : fate.all()) {
            times.push_back(delivery.at);
        }
    }
    return times;
}

TEST(VirtualNetwork, KeepsOrderAndLosesNothingWithoutFaults) {
    VirtualNetwork network(1, 3);

    const std::vector<Time> times = arrivals(network);

    EXPECT_EQ(times.size(), messages);
    EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
    EXPECT_EQ(network.counters(link).delayed, 0);
}

TEST(VirtualNetwork, CutDropsEverythingInOneDirectionUntilHealed) {
    VirtualNetwork network(1, 3);
    network.set_rule(link, {.cut = true}, true);

    const std::vector<Time> cut = arrivals(network);
    const auto back = network.send({}, {.from = 2, .to = 1}, true);
    network.set_rule(link, {}, true);
    const std::vector<Time> healed = arrivals(network);

    EXPECT_TRUE(cut.empty());
    EXPECT_EQ(back.all().size(), 1U);
    EXPECT_EQ(network.counters(link).cut, messages);
    EXPECT_EQ(healed.size(), messages);
}

TEST(VirtualNetwork, CutLosesWhatIsUnderWayEvenWhenHealedBeforeItIsDue) {
    VirtualNetwork network(1, 3);
    const auto fate = network.send({}, link, true);

    network.set_rule(link, {.cut = true}, true);
    network.set_rule(link, {}, true);

    EXPECT_FALSE(network.arrives(link, fate.all()[0].era));
    EXPECT_EQ(network.counters(link).cut, 1);
}

TEST(VirtualNetwork, DelayKeepsOrder) {
    VirtualNetwork network(1, 3);
    network.set_rule(link, {.delay = milliseconds(20), .jitter = milliseconds(30)}, true);

    const std::vector<Time> times = arrivals(network);

    EXPECT_EQ(times.size(), messages);
    EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
    EXPECT_GE(times.front(), milliseconds(20));
    EXPECT_EQ(network.counters(link).delayed, messages);
}

TEST(VirtualNetwork, DropLosesAboutTheShareAskedFor) {
    VirtualNetwork network(1, 3);
    network.set_rule(link, {.drop = 0.3}, true);

    const std::vector<Time> times = arrivals(network);

    EXPECT_NEAR(static_cast<double>(times.size()), 0.7 * messages, 60);
    EXPECT_EQ(network.counters(link).dropped, messages - static_cast<int>(times.size()));
}

TEST(VirtualNetwork, DuplicateDeliversCopies) {
    VirtualNetwork network(1, 3);
    network.set_rule(link, {.jitter = milliseconds(5), .duplicate = 0.5}, true);

    const std::vector<Time> times = arrivals(network);

    EXPECT_NEAR(static_cast<double>(times.size()), 1.5 * messages, 80);
    EXPECT_EQ(network.counters(link).duplicated, static_cast<int>(times.size()) - messages);
}

TEST(VirtualNetwork, ReorderLetsOthersPass) {
    VirtualNetwork network(1, 3);
    network.set_rule(link, {.reorder = 0.2}, true);

    const std::vector<Time> times = arrivals(network);

    EXPECT_EQ(times.size(), messages);
    EXPECT_FALSE(std::is_sorted(times.begin(), times.end()));
    EXPECT_GT(network.counters(link).reordered, 0);
}

TEST(VirtualNetwork, WhatADeadReceiverMissesIsNoEffect) {
    VirtualNetwork network(1, 3);
    network.set_rule(link, {.cut = true}, false);

    const std::vector<Time> times = arrivals(network, false);

    EXPECT_TRUE(times.empty());
    EXPECT_EQ(network.counters(link).cut, 0);
}

}  // namespace
}  // namespace squall::harness::sim
