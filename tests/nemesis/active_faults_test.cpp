#include "nemesis/active_faults.hpp"

#include <gtest/gtest.h>

namespace squall::nemesis {
namespace {

using std::chrono::milliseconds;

Fault on_link(Link link, LinkRule rule) {
    return Fault{"packet", "", {link.from}, LinkFault{{{link, rule}}}};
}

TEST(ActiveFaults, NothingIsInForceInTheBeginning) {
    const ActiveFaults faults;

    EXPECT_FALSE(faults.down(1));
    EXPECT_FALSE(faults.paused(1));
    EXPECT_EQ(faults.rule(Link{1, 2}), LinkRule{});
}

TEST(ActiveFaults, ANodeIsDownWhileAnyKillHoldsIt) {
    ActiveFaults faults;
    faults.begin(1, Fault{"kill", "", {1, 2}, KillFault{{1, 2}}});
    faults.begin(2, Fault{"kill", "", {2}, KillFault{{2}}});

    faults.end(1);

    EXPECT_FALSE(faults.down(1));
    EXPECT_TRUE(faults.down(2));
    faults.end(2);
    EXPECT_FALSE(faults.down(2));
}

TEST(ActiveFaults, AKilledNodeIsNotPausedAndTheOtherWayRound) {
    ActiveFaults faults;
    faults.begin(1, Fault{"kill", "", {1}, KillFault{{1}}});
    faults.begin(2, Fault{"pause", "", {2}, PauseFault{{2}}});

    EXPECT_FALSE(faults.paused(1));
    EXPECT_TRUE(faults.paused(2));
    EXPECT_FALSE(faults.down(2));
}

TEST(ActiveFaults, TheRulesOfALinkCombine) {
    ActiveFaults faults;
    faults.begin(1, on_link({1, 2}, {.delay = milliseconds(20), .drop = 0.5}));
    faults.begin(2, on_link({1, 2}, {.cut = true, .delay = milliseconds(5), .drop = 0.5}));
    faults.begin(3, on_link({2, 1}, {.duplicate = 0.25}));

    const LinkRule rule = faults.rule({1, 2});

    EXPECT_TRUE(rule.cut);
    EXPECT_EQ(rule.delay, milliseconds(25));
    EXPECT_DOUBLE_EQ(rule.drop, 0.75);
    EXPECT_EQ(rule.duplicate, 0);
    EXPECT_EQ(faults.rule({2, 1}).duplicate, 0.25);
}

TEST(ActiveFaults, EndingWhatIsNotActiveIsHarmless) {
    ActiveFaults faults;
    faults.begin(1, on_link({1, 2}, {.cut = true}));

    faults.end(7);
    faults.end(1);
    faults.end(1);

    EXPECT_FALSE(faults.rule({1, 2}).cut);
}

TEST(LinkRules, CombiningWithNoRuleChangesNothing) {
    const LinkRule rule{.cut = false,
                        .delay = milliseconds(3),
                        .jitter = milliseconds(1),
                        .drop = 0.1,
                        .duplicate = 0.3,
                        .reorder = 0.7};

    EXPECT_EQ(combine(rule, LinkRule{}), rule);
    EXPECT_EQ(combine(LinkRule{}, rule), rule);
}

TEST(ActiveFaults, RatesOfAClockMultiplyAndItsJumpsAddUp) {
    ActiveFaults faults;
    faults.begin(1, Fault{"clock", "", {1, 2}, ClockFault{{{1, {.rate = 4}}, {2, {.rate = 0}}}}});
    faults.begin(2,
                 Fault{"clock",
                       "",
                       {1, 2},
                       ClockFault{{{1, {.rate = 0.5, .realtime_jump = milliseconds(-5)}},
                                   {2, {.rate = 3, .realtime_jump = milliseconds(7)}}}}});

    EXPECT_EQ(faults.clock(1), (ClockRule{.rate = 2, .realtime_jump = milliseconds(-5)}));
    EXPECT_EQ(faults.clock(2), (ClockRule{.rate = 0, .realtime_jump = milliseconds(7)}));
    EXPECT_EQ(faults.clock(3), ClockRule{});
    faults.end(1);
    faults.end(2);
    EXPECT_EQ(faults.clock(1), ClockRule{});
}

}  // namespace
}  // namespace squall::nemesis
