// The correct core in whole spaces, and what ends a search.
#include <gtest/gtest.h>

#include "tests/harness/explore/space.hpp"

namespace squall::harness::explore {
namespace {

using enum Budget;

void expect_silence(const Options& options, std::uint64_t states_at_least) {
    const Seen seen = explore(options);

    EXPECT_EQ(seen.stop, Stop::exhausted)
        << (seen.path ? seen.path->violation->sentence : std::string());
    EXPECT_GE(seen.progress.states, states_at_least);
}

TEST(CorrectCore, TwoElectionsOfThreeNodes) {
    expect_silence(with({{timeouts, 2}}), 250'000);
}

TEST(CorrectCore, TwoElectionsAndACommand) {
    expect_silence(with({{timeouts, 2}, {proposals, 1}}), 2'000'000);
}

TEST(CorrectCore, ACrashAnywhereInAnElectionAndACommit) {
    expect_silence(with({{timeouts, 1}, {proposals, 1}, {crashes, 1}}), 15'000);
}

TEST(CorrectCore, TwoCrashes) {
    expect_silence(with({{timeouts, 1}, {crashes, 2}}), 1000);
}

TEST(CorrectCore, ReadsBesideAnElection) {
    Options options = with({{timeouts, 1}, {heartbeats, 1}, {reads, 1}});
    options.start = Start::elected;
    expect_silence(options, 150'000);
}

TEST(CorrectCore, DuplicatesAndLosses) {
    expect_silence(with({{timeouts, 1}, {proposals, 1}, {duplicates, 1}, {drops, 1}}), 15'000);
}

TEST(CorrectCore, TwoNodesWithEverything) {
    Options options =
        with({{timeouts, 2}, {proposals, 1}, {crashes, 1}, {heartbeats, 1}, {reads, 1}});
    options.nodes = 2;
    expect_silence(options, 50'000);
}

TEST(CorrectCore, FiveNodes) {
    Options options = with({{timeouts, 1}});
    options.nodes = 5;
    expect_silence(options, 1000);
}

TEST(CorrectCore, InstantDisks) {
    Options options = with({{timeouts, 2}, {proposals, 1}});
    options.instant_disks = true;
    expect_silence(options, 10'000);
}

TEST(Search, EqualOptionsGiveEqualFigures) {
    const Options options = with({{timeouts, 1}, {proposals, 1}, {crashes, 1}});

    const Progress one = explore(options).progress;
    const Progress other = explore(options).progress;

    EXPECT_EQ(one.states, other.states);
    EXPECT_EQ(one.transitions, other.transitions);
    EXPECT_EQ(one.depth, other.depth);
    EXPECT_EQ(one.bytes, other.bytes);
}

TEST(Search, EndsAtItsDepth) {
    const Seen seen = explore(with({{timeouts, 1}}), {.depth = 5});

    EXPECT_EQ(seen.stop, Stop::depth);
    EXPECT_EQ(seen.progress.depth, 5U);
}

TEST(Search, ADepthThatIsNotReachedIsNoLimit) {
    EXPECT_EQ(explore(with({{timeouts, 1}}), {.depth = 100}).stop, Stop::exhausted);
}

TEST(Search, EndsAtItsStates) {
    const Seen seen = explore(with({{timeouts, 2}}), {.states = 5000});

    EXPECT_EQ(seen.stop, Stop::states);
    EXPECT_GE(seen.progress.states, 5000U);
    EXPECT_LT(seen.progress.states, 5100U);
}

TEST(Search, EndsAtItsMemory) {
    constexpr std::uint64_t bytes = 12U << 20U;

    const Seen seen = explore(with({{timeouts, 2}, {proposals, 1}}), {.bytes = bytes});

    EXPECT_EQ(seen.stop, Stop::memory);
    EXPECT_LT(seen.progress.bytes, 2 * bytes);
}

TEST(Search, NothingToDoIsAWholeSpace) {
    const Seen seen = explore(with({}));

    EXPECT_EQ(seen.stop, Stop::exhausted);
    EXPECT_EQ(seen.progress.states, 1U);
}

TEST(Start, AnElectionCostsNothing) {
    Options options = with({{crashes, 1}, {reads, 1}});
    options.start = Start::elected;

    expect_silence(options, 10);
}

TEST(Start, AnElectedLeaderHasCommittedAndNothingIsUnderWay) {
    Options options = with({{timeouts, 1}});
    options.start = Start::elected;
    Model model(options);

    const State start = start_of(model);

    const Summary& leader = model.locals().summary(start.nodes[0]);
    EXPECT_EQ(leader.role, raft::Role::leader);
    EXPECT_EQ(leader.commit, 1U);
    EXPECT_TRUE(start.messages.empty());
    EXPECT_EQ(model.budgets(start), options.budgets);
}

}  // namespace
}  // namespace squall::harness::explore
