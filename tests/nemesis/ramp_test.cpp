#include <gtest/gtest.h>

#include "nemesis/fault_class.hpp"

namespace squall::nemesis {
namespace {

using std::chrono::milliseconds;

const ClusterView three{{1, 2, 3}, 0, {}};

Fault stair(const std::string& shape, std::uint64_t number) {
    PlannedFault planned;
    planned.name = "ramp";
    planned.shape = shape;
    planned.duration = milliseconds(200);
    planned.draw = number;
    planned.nodes = {2};
    return find_fault_class("ramp")->resolve(planned, three).value();
}

std::map<Link, LinkRule> rules(const Fault& fault) {
    return std::get<LinkFault>(fault.action).rules;
}

TEST(Ramp, EveryStairIsLaterThanTheOneBefore) {
    for (const std::string shape : {"towards", "from", "towards-then-cut"}) {
        Duration before{};
        for (std::uint64_t number = 1; number <= 6; ++number) {
            const Duration delay = rules(stair(shape, number)).begin()->second.delay +
                                   rules(stair(shape, number)).rbegin()->second.delay;
            EXPECT_GT(delay, before) << shape;
            before = delay;
        }
    }
}

TEST(Ramp, HasOneDirection) {
    const auto inward = rules(stair("towards", 3));
    EXPECT_EQ(inward.size(), 2U);
    EXPECT_EQ(inward.at({1, 2}).delay, milliseconds(300));
    EXPECT_EQ(inward.at({3, 2}).delay, milliseconds(300));
    const auto outward = rules(stair("from", 3));
    EXPECT_EQ(outward.size(), 2U);
    EXPECT_TRUE(outward.contains({2, 1}));
}

TEST(Ramp, CutsTheOtherDirectionInTheEndIfItsShapeSaysSo) {
    EXPECT_EQ(rules(stair("towards-then-cut", 5)).size(), 2U);
    const auto last = rules(stair("towards-then-cut", 6));
    EXPECT_TRUE(last.at({2, 1}).cut);
    EXPECT_TRUE(last.at({2, 3}).cut);
    EXPECT_FALSE(last.at({1, 2}).cut);
}

TEST(Ramp, AllStairsOfAnInjectionHaveTheSameNode) {
    ScheduleParameters parameters;
    parameters.seed = 5;
    parameters.length = std::chrono::seconds(60);
    parameters.interval = std::chrono::seconds(3);
    parameters.election_timeout = milliseconds(600);
    const auto faults = find_fault_class("ramp")->schedule(parameters);
    ASSERT_EQ(faults.size() % 6, 0U);
    for (std::size_t i = 0; i < faults.size(); ++i) {
        EXPECT_EQ(faults[i].draw, i % 6 + 1);
        EXPECT_EQ(faults[i].nodes, faults[i - i % 6].nodes);
    }
}

}  // namespace
}  // namespace squall::nemesis
