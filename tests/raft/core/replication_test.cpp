#include <gtest/gtest.h>

#include "tests/raft/core/host.hpp"

namespace squall::raft::test {
namespace {

AppendRequest append(Term term, LogId previous, const std::vector<Term>& terms, Index commit = 0) {
    return {term, previous, entries_of(previous.index + 1, terms), commit};
}

AppendReply only_reply(const Outputs& outputs) {
    const auto replies = outputs.sent<AppendReply>();
    return replies.size() == 1 ? replies.front() : AppendReply{};
}

AppendReply accepted(Term term, Index match) {
    AppendReply reply;
    reply.term = term;
    reply.success = true;
    reply.match = match;
    return reply;
}

AppendReply rejected(Term term, Index previous, LogId conflict) {
    return {term, false, previous, 0, conflict};
}

// §5.3: the consistency check.
TEST(AppendEntries, ExtendALogThatMatches) {
    Host host(config_of(), recovered_of({1}, {1, no_node}));

    const AppendReply reply = only_reply(host.step(2, append(2, {1, 1}, {2, 2})));

    EXPECT_TRUE(reply.success);
    EXPECT_EQ(reply.previous, 1U);
    EXPECT_EQ(reply.match, 3U);
    EXPECT_EQ(host.log_terms(), (std::vector<Term>{1, 2, 2}));
    EXPECT_EQ(host.disk.last(), (LogId{2, 3}));
}

TEST(AppendEntries, AreRefusedBehindAGapWithTheEndOfTheLogAsHint) {
    Host host(config_of(), recovered_of({1}, {1, no_node}));

    const AppendReply reply = only_reply(host.step(2, append(1, {1, 5}, {1})));

    EXPECT_FALSE(reply.success);
    EXPECT_EQ(reply.previous, 5U);
    EXPECT_EQ(reply.conflict, (LogId{0, 2}));
}

TEST(AppendEntries, AreRefusedBehindAnotherTermWithItsFirstEntryAsHint) {
    Host host(config_of(), recovered_of({1, 2, 2, 2}, {2, no_node}));

    const AppendReply reply = only_reply(host.step(2, append(4, {3, 4}, {4})));

    EXPECT_FALSE(reply.success);
    EXPECT_EQ(reply.conflict, (LogId{2, 2}));
}

// §5.3: "if an existing entry conflicts with a new one, delete it and all that follow it".
TEST(AppendEntries, ReplaceWhatConflicts) {
    Host host(config_of(), recovered_of({1, 2, 2, 2}, {2, no_node}));

    host.step(2, append(3, {1, 1}, {3}));

    EXPECT_EQ(host.log_terms(), (std::vector<Term>{1, 3}));
    EXPECT_EQ(host.disk.last(), (LogId{3, 2}));
}

TEST(AppendEntries, ALateShortRequestDeletesNothing) {
    Host host(config_of());
    host.step(2, append(1, {}, {1, 1, 1}));

    const AppendReply reply = only_reply(host.step(2, append(1, {}, {1})));

    EXPECT_EQ(reply.match, 1U);
    EXPECT_EQ(host.log_terms().size(), 3U);
}

// §5.3: commit = min(leaderCommit, index of last new entry).
TEST(AppendEntries, CommitReachesNoFurtherThanWhatIsKnownToMatch) {
    Host host(config_of(), recovered_of({1, 1, 1, 1}, {1, no_node}));

    const Outputs outputs = host.step(2, append(2, {1, 1}, {1}, 4));

    EXPECT_EQ(host.core.status().commit, 2U);
    EXPECT_EQ(outputs.committed.size(), 2U);
}

TEST(AppendEntries, NothingCommittedIsEverTruncated) {
    Host host(config_of());
    host.step(2, append(1, {}, {1, 1, 1}, 3));

    const Outputs outputs = host.step(3, append(2, {}, {2, 2}));
    const Outputs behind = host.step(3, append(2, {9, 3}, {9}));

    EXPECT_TRUE(outputs.messages.empty());
    EXPECT_TRUE(behind.messages.empty());
    EXPECT_EQ(host.log_terms(), (std::vector<Term>{1, 1, 1}));
}

TEST(AppendEntries, AreAcknowledgedOnlyWhenDurable) {
    Host host(config_of());
    host.core.step(host.now, {2, 1, append(1, {}, {1, 1})});
    const Outputs before = host.take();
    ASSERT_FALSE(host.writes.empty());

    host.persist(1);
    const Outputs after = host.take();

    EXPECT_TRUE(before.sent<AppendReply>().empty());
    EXPECT_EQ(before.traced<AppendTrace>().size(), 1U);
    EXPECT_EQ(only_reply(after).match, 2U);
    ASSERT_EQ(after.traced<DurableTrace>().size(), 1U);
    EXPECT_EQ(after.traced<DurableTrace>().front().last, (LogId{1, 2}));
}

TEST(AppendEntries, CommittedEntriesAreHandedOutOnceDurable) {
    Host host(config_of());
    host.core.step(host.now, {2, 1, append(1, {}, {1, 1}, 2)});

    const Outputs before = host.take();
    EXPECT_EQ(host.core.status().commit, 2U);
    host.persist(1);
    const Outputs after = host.take();

    EXPECT_TRUE(before.committed.empty());
    EXPECT_EQ(after.committed.size(), 2U);
    EXPECT_TRUE(host.settle().committed.empty());
}

TEST(Heartbeat, AdvancesCommitAndEchoesTheRound) {
    Host host(config_of());
    host.step(2, append(1, {}, {1, 1}));

    const auto replies = host.step(2, Heartbeat{1, 1, 8}).sent<HeartbeatReply>();

    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies.front().round, 8U);
    EXPECT_EQ(host.core.status().commit, 1U);
}

TEST(Heartbeat, IsSentAtTheIntervalWithCommitClampedToTheMatch) {
    Host host(config_of());
    host.lead();
    host.acknowledge(2);

    const Outputs outputs = host.advance_to_deadline();

    EXPECT_EQ(outputs.sent<Heartbeat>(2).front().commit, 1U);
    EXPECT_EQ(outputs.sent<Heartbeat>(3).front().commit, 0U);
    EXPECT_EQ(host.core.next_deadline() - host.now, config_of().heartbeat_interval);
}

TEST(Leader, ProbesUntilTheLogsAgreeThenPipelines) {
    Host host(config_of());
    host.lead();

    EXPECT_TRUE(host.propose("a").second.sent<AppendRequest>().empty());
    const Outputs outputs = host.step(2, accepted(1, 1));
    EXPECT_EQ(outputs.sent<AppendRequest>(2).size(), 1U);

    // Now each proposal goes out at once, without waiting for replies, up to the window.
    EXPECT_EQ(host.propose("b").second.sent<AppendRequest>(2).size(), 1U);
    EXPECT_EQ(host.propose("c").second.sent<AppendRequest>(2).size(), 1U);
    EXPECT_EQ(host.propose("d").second.sent<AppendRequest>(2).size(), 0U);
    EXPECT_EQ(host.step(2, accepted(1, 2)).sent<AppendRequest>(2).size(), 1U);
}

TEST(Leader, SendsBeforeItsOwnDiskIsDone) {
    Host host(config_of());
    host.lead();
    host.acknowledge(2);
    LogId first;
    ASSERT_EQ(host.core.propose(host.now, {"a", "b"}, &first), std::nullopt);

    const Outputs outputs = host.take();

    EXPECT_EQ(first, (LogId{1, 2}));
    ASSERT_EQ(outputs.sent<AppendRequest>(2).size(), 1U);
    EXPECT_EQ(outputs.sent<AppendRequest>(2).front().entries.size(), 2U);
    EXPECT_EQ(host.writes.size(), 1U);
}

TEST(Leader, KeepsMatchWhenRepliesComeLate) {
    Host host(config_of());
    host.lead();
    host.step(2, accepted(1, 1));
    host.propose("a");
    host.propose("b");
    host.step(2, accepted(1, 3));

    host.step(2, accepted(1, 2));
    const Outputs late = host.step(2, rejected(1, 2, {0, 1}));

    EXPECT_TRUE(late.messages.empty());
    EXPECT_EQ(host.advance_to_deadline().sent<Heartbeat>(2).front().commit, 3U);
}

TEST(Leader, IgnoresRepliesOfEarlierTerms) {
    Host host(config_of(), recovered_of({1, 1}, {1, no_node}));
    host.lead();

    host.step(2, accepted(1, 3));

    EXPECT_EQ(host.core.status().commit, 0U);
}

TEST(Leader, IgnoresAMatchBeyondItsLog) {
    Host host(config_of());
    host.lead();

    host.step(2, accepted(1, 99));

    EXPECT_EQ(host.core.status().commit, 0U);
}

// §5.3, fast backtracking: one round trip per term, not per entry.
TEST(Backtracking, SkipsTheFollowersTermThatTheLeaderDoesNotHave) {
    Host host(config_of(), recovered_of({1, 1, 4, 4, 5, 5}, {5, no_node}));
    host.lead();

    const auto probes = host.step(2, rejected(6, 6, {2, 3})).sent<AppendRequest>(2);

    ASSERT_EQ(probes.size(), 1U);
    EXPECT_EQ(probes.front().previous, (LogId{1, 2}));
}

TEST(Backtracking, RetriesBehindTheLeadersLastEntryOfTheConflictingTerm) {
    Host host(config_of(), recovered_of({1, 4, 4, 4, 5, 5}, {5, no_node}));
    host.lead();

    const auto probes = host.step(2, rejected(6, 6, {4, 2})).sent<AppendRequest>(2);

    ASSERT_EQ(probes.size(), 1U);
    EXPECT_EQ(probes.front().previous, (LogId{4, 4}));
}

TEST(Backtracking, JumpsToTheEndOfAShortLog) {
    Host host(config_of(), recovered_of({1, 1, 1, 1, 1}, {1, no_node}));
    host.lead();

    const auto probes = host.step(2, rejected(2, 5, {0, 2})).sent<AppendRequest>(2);

    ASSERT_EQ(probes.size(), 1U);
    EXPECT_EQ(probes.front().previous, (LogId{1, 1}));
}

TEST(Recovery, ALostProbeIsSentAgainAfterAHeartbeatReply) {
    Host host(config_of());
    host.lead();

    host.advance_to_deadline();
    const Outputs outputs = host.step(2, HeartbeatReply{1, 0});

    ASSERT_EQ(outputs.sent<AppendRequest>(2).size(), 1U);
    EXPECT_EQ(outputs.sent<AppendRequest>(2).front().entries.size(), 1U);
}

TEST(Recovery, LostAppendsOfThePipelineAreSentAgainButNotForEveryHeartbeatReply) {
    Host host(config_of());
    host.lead();
    host.step(2, accepted(1, 1));
    host.propose("lost");
    EXPECT_TRUE(host.step(2, HeartbeatReply{1, 0}).sent<AppendRequest>().empty());

    host.advance_to_deadline();
    EXPECT_TRUE(host.step(2, HeartbeatReply{1, 0}).sent<AppendRequest>(2).empty());
    host.advance_to_deadline();
    const Outputs outputs = host.step(2, HeartbeatReply{1, 0});

    ASSERT_EQ(outputs.sent<AppendRequest>(2).size(), 1U);
    EXPECT_EQ(outputs.sent<AppendRequest>(2).front().entries.front().data, "lost");
}

TEST(Propose, IsRefusedByWhoDoesNotLead) {
    Host host(config_of());

    EXPECT_EQ(host.propose("a").first, ProposeError::not_leader);
}

TEST(Propose, IsRefusedWhileTooMuchIsUncommittedAndTheAccountIsSettledByCommit) {
    Host host(config_of());
    host.lead();
    host.acknowledge();
    EXPECT_EQ(host.core.status().uncommitted_bytes, 0U);

    EXPECT_EQ(host.propose(std::string(5000, 'x')).first, std::nullopt);
    EXPECT_EQ(host.propose("y").first, ProposeError::overloaded);
    host.acknowledge();

    EXPECT_EQ(host.core.status().uncommitted_bytes, 0U);
    EXPECT_EQ(host.propose("y").first, std::nullopt);
    host.step(2, Heartbeat{9, 0, 0});
    EXPECT_EQ(host.core.status().uncommitted_bytes, 0U);
}

TEST(Propose, RefusesWhatNoMessageCouldCarry) {
    Host host(config_of());
    host.lead();

    EXPECT_EQ(host.propose(std::string(max_command_bytes + 1, 'x')).first,
              ProposeError::overloaded);
}

}  // namespace
}  // namespace squall::raft::test
