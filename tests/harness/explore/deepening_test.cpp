// Few events first, then more: what is seen, what is found, and what ends it.
#include "harness/explore/deepening.hpp"

#include <gtest/gtest.h>

#include "tests/harness/explore/space.hpp"

namespace squall::harness::explore {
namespace {

using enum Budget;

Options at_most(std::uint32_t events, Options options) {
    options.events = events;
    return options;
}

Stop run(Deepening& search) {
    Stop stop = Stop::none;
    while (stop == Stop::none) {
        stop = search.advance(1000);
    }
    return stop;
}

TEST(Events, WithoutALimitAreWhatTheBudgetsAllow) {
    const Options options = with({{timeouts, 1}, {proposals, 1}, {crashes, 1}});

    EXPECT_EQ(events_of(options), 3U);
    EXPECT_EQ(events_of(at_most(2, options)), 2U);
    EXPECT_EQ(events_of(at_most(9, options)), 3U);
    EXPECT_EQ(explore(options).progress.states, explore(at_most(3, options)).progress.states);
    EXPECT_EQ(explore(at_most(9, options)).progress.states, explore(options).progress.states);
}

/// One timeout, or one crash, but not both: what the two spaces have alone, and the start once.
TEST(Events, OneOfTwoKindsIsTheUnionOfTheSpacesOfEach) {
    const Options either = at_most(1, with({{timeouts, 1}, {crashes, 1}}));

    const std::uint64_t states = explore(either).progress.states;

    const std::uint64_t elections = explore(with({{timeouts, 1}})).progress.states;
    const std::uint64_t crashes_alone = explore(with({{crashes, 1}})).progress.states;
    EXPECT_EQ(states, elections + crashes_alone - 1);
}

TEST(Deepening, SeesWhatOneSearchSees) {
    const Options options = with({{timeouts, 1}, {proposals, 1}, {crashes, 1}});
    Deepening search(options, {});

    EXPECT_EQ(run(search), Stop::exhausted);

    ASSERT_EQ(search.rounds().size(), 3U);
    const Seen seen = explore(options);
    EXPECT_EQ(search.rounds().back(), (Round{3, seen.progress.states, seen.progress.depth, true}));
    EXPECT_EQ(search.rounds()[0].events, 1U);
    EXPECT_LT(search.rounds()[0].states, search.rounds()[1].states);
    EXPECT_LT(search.rounds()[1].states, search.rounds()[2].states);
    EXPECT_EQ(search.advance(1), Stop::exhausted);
    EXPECT_EQ(search.rounds().size(), 3U);
    EXPECT_FALSE(search.path());
}

TEST(Deepening, AnEmptySpaceIsOneRound) {
    Deepening search(with({}), {});

    EXPECT_EQ(run(search), Stop::exhausted);

    EXPECT_EQ(search.rounds(), std::vector<Round>({{0, 1, 0, true}}));
}

TEST(Deepening, ADepthEndsEveryRoundAndIsToldAtTheEnd) {
    Deepening search(with({{timeouts, 2}}), {.depth = 5});

    EXPECT_EQ(run(search), Stop::depth);

    ASSERT_EQ(search.rounds().size(), 2U);
    EXPECT_FALSE(search.rounds()[0].whole);
    EXPECT_EQ(search.rounds()[1].depth, 5U);
}

TEST(Deepening, OtherLimitsBeginNoFurtherRound) {
    Deepening search(with({{timeouts, 2}}), {.states = 50});

    EXPECT_EQ(run(search), Stop::states);

    EXPECT_EQ(search.events(), 1U);
    EXPECT_TRUE(search.rounds().empty());
}

TEST(Deepening, FindsABugWithTheFewestEvents) {
    if (!raft::zoo::Bugs::compiled_in) {
        GTEST_SKIP() << "no bugs in this build";
    }
    Options options = at_most(3, Options());  // The command's own space.
    enable_bug(options, "no-uptodate");
    Deepening search(options, {});

    EXPECT_EQ(run(search), Stop::violation);

    EXPECT_EQ(search.events(), 2U);
    EXPECT_EQ(search.rounds().size(), 1U);
    const std::optional<Path> path = search.path();
    ASSERT_TRUE(path);
    EXPECT_EQ(path->violation->property, "leader-completeness");
    EXPECT_EQ(path->steps.size(), 18U);
}

}  // namespace
}  // namespace squall::harness::explore
