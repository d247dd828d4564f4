#include <gtest/gtest.h>

#include "tests/raft/core/host.hpp"

namespace squall::raft::test {
namespace {

AppendReply held_up_to(Index match, Term term) {
    AppendReply reply;
    reply.term = term;
    reply.success = true;
    reply.match = match;
    return reply;
}

/// The entry is sent; the leader's own disk is not done with it.
void propose_unpersisted(Host& host) {
    LogId first;
    ASSERT_EQ(host.core.propose(host.now, {"a"}, &first), std::nullopt);
    static_cast<void>(host.take());
}

// §5.3: "a log entry is committed once the leader has replicated it on a majority".
TEST(Commit, NeedsAMajority) {
    Host host(config_of(1, {1, 2, 3, 4, 5}));
    host.advance_to_deadline();
    for (const NodeId voter : {2U, 3U}) {
        host.step(voter, VoteReply{0, 1, true, true});
    }
    for (const NodeId voter : {2U, 3U}) {
        host.step(voter, VoteReply{1, 1, false, true});
    }
    ASSERT_EQ(host.core.status().role, Role::leader);

    host.acknowledge(2);
    EXPECT_EQ(host.core.status().commit, 0U);
    host.acknowledge(4);

    EXPECT_EQ(host.core.status().commit, 1U);
}

// §5.4.2, figure 8: an entry of an earlier term is not committed by counting replicas.
TEST(Commit, EntriesOfEarlierTermsComeOnlyWithOneOfThisTerm) {
    Host host(config_of(), recovered_of({1, 2}, {2, no_node}));
    host.lead();

    host.step(2, held_up_to(2, 3));
    EXPECT_EQ(host.core.status().commit, 0U);
    host.acknowledge(2);

    EXPECT_EQ(host.core.status().commit, 3U);
}

TEST(Commit, TheLeaderCountsItselfOnlyWhenItsDiskIsDone) {
    Host host(config_of());
    host.lead();
    host.acknowledge(2);
    propose_unpersisted(host);
    const AppendReply reply = held_up_to(2, 1);

    host.core.step(host.now, {2, 1, reply});
    EXPECT_EQ(host.core.status().commit, 1U);
    host.persist(1);

    EXPECT_EQ(host.core.status().commit, 2U);
}

TEST(Commit, AMajorityOfOthersIsEnoughButNothingIsHandedOutBeforeTheOwnDisk) {
    Host host(config_of());
    host.lead();
    host.acknowledge(2);
    propose_unpersisted(host);
    const AppendReply reply = held_up_to(2, 1);

    host.core.step(host.now, {2, 1, reply});
    host.core.step(host.now, {3, 1, reply});
    EXPECT_EQ(host.core.status().commit, 2U);
    EXPECT_TRUE(host.take().committed.empty());
    host.persist(1);

    EXPECT_EQ(host.take().committed.size(), 1U);
}

TEST(Commit, TraceNamesWhoHoldsHowMuch) {
    Host host(config_of());
    host.lead();

    const auto commits = host.acknowledge(2).traced<CommitTrace>();

    ASSERT_EQ(commits.size(), 1U);
    EXPECT_EQ(commits.front().index, 1U);
    EXPECT_EQ(commits.front().term, 1U);
    EXPECT_EQ(commits.front().match, (std::map<NodeId, Index>{{1, 1}, {2, 1}, {3, 0}}));
}

TEST(Commit, AFollowersTraceHasNoMatch) {
    Host host(config_of());

    const Outputs outputs = host.step(2, AppendRequest{1, {}, entries_of(1, {1}), 1});
    const auto commits = outputs.traced<CommitTrace>();

    ASSERT_EQ(commits.size(), 1U);
    EXPECT_TRUE(commits.front().match.empty());
}

}  // namespace
}  // namespace squall::raft::test
