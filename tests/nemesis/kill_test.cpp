#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "nemesis/fault_class.hpp"
#include "nemesis/topology.hpp"

namespace squall::nemesis {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// The entries of one injection, which share its random bits.
using Injection = std::vector<PlannedFault>;

std::vector<Injection> injections(std::uint64_t seed, std::uint32_t nodes = 5) {
    ScheduleParameters parameters;
    parameters.seed = seed;
    parameters.nodes = nodes;
    parameters.length = seconds(120);
    parameters.interval = seconds(3);
    parameters.election_timeout = milliseconds(600);
    std::vector<Injection> result;
    for (const PlannedFault& planned : find_fault_class("kill")->schedule(parameters)) {
        if (result.empty() || result.back().front().draw != planned.draw) {
            result.emplace_back();
        }
        result.back().push_back(planned);
    }
    return result;
}

/// When the nodes of an injection come back, in order; none for targets that are not known yet.
std::map<Time, Nodes> returns(const Injection& injection) {
    std::map<Time, Nodes> result;
    for (const PlannedFault& planned : injection) {
        for (const NodeId node : planned.nodes) {
            result[planned.at + planned.duration].push_back(node);
        }
    }
    return result;
}

std::set<NodeId> down_at(const Injection& injection, Time when) {
    std::set<NodeId> nodes;
    for (const PlannedFault& planned : injection) {
        if (planned.at <= when && when < planned.at + planned.duration) {
            nodes.insert(planned.nodes.begin(), planned.nodes.end());
        }
    }
    return nodes;
}

std::size_t size_of(const std::string& shape, std::size_t nodes) {
    return shape == "all"        ? nodes
           : shape == "majority" ? majority_of(nodes)
           : shape == "minority" ? minority_of(nodes)
                                 : 1;
}

RC_GTEST_PROP(Kill, OfSeveralKillsThemTogetherAndEachOnce, (std::uint64_t seed)) {
    const auto nodes = *rc::gen::inRange<std::uint32_t>(2, 8);
    for (const Injection& injection : injections(seed, nodes)) {
        const PlannedFault& first = injection.front();
        if (first.shape == "subset-restart" || first.nodes.empty()) {
            RC_ASSERT(first.shape == "subset-restart" || injection.size() == 1U);
            continue;
        }
        std::set<NodeId> killed;
        for (const PlannedFault& planned : injection) {
            RC_ASSERT(planned.at == first.at);
            RC_ASSERT(planned.shape == first.shape);
            for (const NodeId node : planned.nodes) {
                RC_ASSERT(node >= 1U);
                RC_ASSERT(node <= nodes);
                RC_ASSERT(killed.insert(node).second);
            }
        }
        RC_ASSERT(killed.size() == size_of(first.shape, nodes));
        RC_ASSERT(injection.size() >= 2U);
    }
}

RC_GTEST_PROP(Kill, NobodyIsKilledWhileDown, (std::uint64_t seed)) {
    for (const Injection& injection : injections(seed)) {
        std::map<NodeId, Time> until;
        for (const PlannedFault& planned : injection) {
            for (const NodeId node : planned.nodes) {
                const auto found = until.find(node);
                if (found != until.end()) {
                    RC_ASSERT(found->second < planned.at);
                }
                until[node] = planned.at + planned.duration;
            }
        }
    }
}

TEST(Kill, SomeComeBackAtOnceAndSomeInEveryOrderWithUnevenGaps) {
    int at_once = 0;
    int staggered = 0;
    std::set<Nodes> orders;
    std::set<Duration> gaps;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        for (const Injection& injection : injections(seed, 3)) {
            if (injection.front().shape != "all") {
                continue;
            }
            const std::map<Time, Nodes> back = returns(injection);
            if (back.empty()) {
                ++at_once;
                continue;
            }
            ++staggered;
            Nodes order;
            Time before{};
            for (const auto& [time, nodes] : back) {
                order.insert(order.end(), nodes.begin(), nodes.end());
                gaps.insert(time - before);
                before = time;
            }
            orders.insert(order);
        }
    }

    EXPECT_GT(at_once, staggered / 4);
    EXPECT_GT(staggered, at_once);
    EXPECT_EQ(orders.size(), 6U);
    EXPECT_GT(gaps.size(), static_cast<std::size_t>(2 * staggered));
}

TEST(Kill, SubsetRestartStartsWithNobodyAndRotatesMajorities) {
    int staggered = 0;
    int at_once = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        for (const Injection& injection : injections(seed)) {
            if (injection.front().shape != "subset-restart") {
                continue;
            }
            EXPECT_EQ(down_at(injection, injection.front().at).size(), 5U);
            // The moments at which a majority begins to be alone, all of it there.
            std::set<std::set<NodeId>> majorities;
            const std::map<Time, Nodes> back = returns(injection);
            for (const auto& [time, nodes] : back) {
                const std::set<NodeId> down = down_at(injection, time);
                EXPECT_LE(down.size(), 4U);
                if (down.size() == 2U) {
                    majorities.insert(down);
                }
            }
            EXPECT_EQ(majorities.size(), 3U) << seed;
            EXPECT_TRUE(down_at(injection, back.rbegin()->first).empty());
            (back.size() > 4U ? staggered : at_once) += 1;
        }
    }

    EXPECT_GT(at_once, 5);
    EXPECT_GT(staggered, at_once);
}

}  // namespace
}  // namespace squall::nemesis
