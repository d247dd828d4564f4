#include <set>

#include <gtest/gtest.h>

#include "tests/raft/core/host.hpp"

namespace squall::raft::test {
namespace {

VoteRequest vote_request(Term term, LogId last = {}) {
    return {term, last, false};
}

VoteRequest pre_vote(Term term, LogId last = {}) {
    return {term, last, true};
}

VoteReply grant(Term term) {
    return {term, term, false, true};
}

VoteReply pre_grant(Term voter_term, Term request_term) {
    return {voter_term, request_term, true, true};
}

bool granted(const Outputs& outputs) {
    const auto replies = outputs.sent<VoteReply>();
    return replies.size() == 1 && replies.front().granted;
}

// §5.2: "election timeouts are chosen randomly from a fixed interval", afresh each time.
TEST(Election, TimeoutsAreWithinTheIntervalAndDiffer) {
    const CoreConfig config = config_of();
    std::set<Duration> seen;

    Host host(config);
    for (int i = 0; i < 50; ++i) {
        const Duration timeout = host.core.next_deadline() - host.now;
        EXPECT_GE(timeout, config.election_timeout_min);
        EXPECT_LT(timeout, config.election_timeout_max);
        seen.insert(timeout);
        host.advance(timeout);
    }

    EXPECT_GT(seen.size(), 40U);
}

TEST(Election, ServersWithTheSameSeedDrawDifferentTimeouts) {
    EXPECT_NE(Host(config_of(1)).core.next_deadline(), Host(config_of(2)).core.next_deadline());
}

// Dissertation §9.6.
TEST(PreVote, ComesFirstAndChangesNeitherTermNorVote) {
    Host host(config_of());

    const Outputs outputs = host.advance_to_deadline();

    const auto requests = outputs.sent<VoteRequest>();
    ASSERT_EQ(requests.size(), 2U);
    EXPECT_TRUE(requests.front().pre_vote);
    EXPECT_EQ(requests.front().term, 1U);
    EXPECT_EQ(host.core.status().role, Role::pre_candidate);
    EXPECT_EQ(host.core.status().term, 0U);
    EXPECT_EQ(host.disk.hard_state(), HardState{});
}

TEST(PreVote, GrantsDoNotChangeTermOrVoteAndAreNotExclusive) {
    Host host(config_of());

    EXPECT_TRUE(granted(host.step(2, pre_vote(1))));
    EXPECT_TRUE(granted(host.step(3, pre_vote(1))));

    EXPECT_EQ(host.core.status().term, 0U);
    EXPECT_EQ(host.disk.hard_state(), HardState{});
}

TEST(PreVote, GrantsAreNotCountedInTheElection) {
    Host host(config_of());
    host.advance_to_deadline();
    host.step(2, pre_grant(0, 1));
    ASSERT_EQ(host.core.status().role, Role::candidate);

    host.step(3, pre_grant(0, 1));
    host.step(3, pre_grant(0, 2));

    EXPECT_EQ(host.core.status().role, Role::candidate);
}

TEST(PreVote, RejectionWithAHigherTermTeachesIt) {
    Host host(config_of());
    host.advance_to_deadline();

    host.step(2, VoteReply{9, 1, true, false});

    EXPECT_EQ(host.core.status().term, 9U);
    EXPECT_EQ(host.core.status().role, Role::follower);
}

// §5.2: "increments its current term, votes for itself, requests votes".
TEST(Election, CandidateAsksOnlyAfterItsOwnVoteIsDurable) {
    Host host(config_of());
    host.advance_to_deadline();
    host.core.step(host.now, {2, 1, pre_grant(0, 1)});

    const Outputs before = host.take();
    ASSERT_EQ(host.writes.size(), 1U);
    host.persist(1);
    const Outputs after = host.take();

    EXPECT_TRUE(before.messages.empty());
    EXPECT_EQ(after.sent<VoteRequest>().size(), 2U);
    EXPECT_EQ(host.disk.hard_state(), (HardState{1, 1}));
    EXPECT_EQ(after.traced<HardStateTrace>().size(), 1U);
}

TEST(Election, MajorityWins) {
    Host host(config_of());

    const Outputs outputs = host.lead();

    EXPECT_EQ(host.core.status().leader, 1U);
    EXPECT_EQ(host.log_terms(), std::vector<Term>{1});  // §8: the no-op.
    EXPECT_EQ(outputs.sent<AppendRequest>().size(), 2U);
}

TEST(Election, AVoteThatArrivesTwiceCountsOnce) {
    Host host(config_of(1, {1, 2, 3, 4, 5}));
    host.advance_to_deadline();
    host.step(2, pre_grant(0, 1));
    host.step(3, pre_grant(0, 1));
    ASSERT_EQ(host.core.status().role, Role::candidate);

    host.step(2, grant(1));
    host.step(2, grant(1));
    EXPECT_EQ(host.core.status().role, Role::candidate);

    host.step(3, grant(1));
    EXPECT_EQ(host.core.status().role, Role::leader);
}

TEST(Election, VotesOfOutsidersAndOfOtherTermsDoNotCount) {
    Host host(config_of());
    host.advance_to_deadline();
    host.step(9, pre_grant(0, 1));
    EXPECT_EQ(host.core.status().role, Role::pre_candidate);
    host.step(2, pre_grant(0, 1));

    host.step(9, grant(1));
    host.step(2, VoteReply{1, 0, false, true});

    EXPECT_EQ(host.core.status().role, Role::candidate);
}

TEST(Election, AServerAloneElectsItself) {
    Host host(config_of(1, {1}));

    const Outputs outputs = host.advance_to_deadline();

    EXPECT_EQ(host.core.status().role, Role::leader);
    EXPECT_EQ(outputs.committed.size(), 1U);
}

TEST(Election, AServerAloneWaitsForItsDisk) {
    Host host(config_of(1, {1}));
    host.now = host.core.next_deadline();

    host.core.tick(host.now);
    static_cast<void>(host.take());
    EXPECT_EQ(host.core.status().role, Role::candidate);

    host.persist(1);
    EXPECT_EQ(host.core.status().role, Role::leader);
}

TEST(Election, ANonVoterNeverCampaigns) {
    Host host(config_of(4));

    EXPECT_EQ(host.core.next_deadline(), Time::max());
    host.advance(ms(10000));

    EXPECT_EQ(host.core.status().role, Role::follower);
}

// §5.2: "each server will vote for at most one candidate in a given term".
TEST(Vote, OnePerTermAndTheSameCandidateMayAskAgain) {
    Host host(config_of());

    EXPECT_TRUE(granted(host.step(2, vote_request(1))));
    EXPECT_FALSE(granted(host.step(3, vote_request(1))));
    EXPECT_TRUE(granted(host.step(2, vote_request(1))));
}

TEST(Vote, IsRememberedAcrossARestart) {
    Host first(config_of());
    first.step(2, vote_request(1));

    Host second(config_of(), first.disk.recovered());

    EXPECT_FALSE(granted(second.step(3, vote_request(1))));
}

TEST(Vote, IsGivenOnlyWhenDurable) {
    Host host(config_of());
    host.core.step(host.now, {2, 1, vote_request(1)});

    EXPECT_TRUE(host.take().messages.empty());
    host.persist(1);

    EXPECT_TRUE(granted(host.take()));
}

// §5.4.1: "if the logs have last entries with different terms, the later term is more up-to-date;
// if they end with the same term, the longer one is".
TEST(Vote, OnlyForAnUpToDateLog) {
    const auto asks = [](LogId last) {
        Host host(config_of(), recovered_of({1, 2, 2}, {2, no_node}));
        return granted(host.step(2, vote_request(3, last)));
    };

    EXPECT_FALSE(asks({1, 9}));
    EXPECT_FALSE(asks({2, 2}));
    EXPECT_TRUE(asks({2, 3}));
    EXPECT_TRUE(asks({2, 4}));
    EXPECT_TRUE(asks({3, 1}));
}

TEST(Vote, RequestOfAnOlderTermIsRefusedWithTheCurrentOne) {
    Host host(config_of(), recovered_of({}, {5, no_node}));

    const auto replies = host.step(2, vote_request(4)).sent<VoteReply>();

    ASSERT_EQ(replies.size(), 1U);
    EXPECT_FALSE(replies.front().granted);
    EXPECT_EQ(replies.front().term, 5U);
}

TEST(Vote, GrantRestartsTheElectionTimerAndRefusalDoesNot) {
    Host host(config_of(), recovered_of({1}, {1, no_node}));
    const Time deadline = host.core.next_deadline();
    host.advance(ms(100));

    host.step(2, vote_request(2));
    EXPECT_EQ(host.core.next_deadline(), deadline);

    host.step(3, vote_request(3, {1, 1}));
    EXPECT_EQ(host.core.next_deadline(), deadline + ms(100));
}

// Dissertation §4.2.3: servers disregard vote requests while they believe that a leader exists.
TEST(Stickiness, VotesAreIgnoredSoonAfterALeaderWasHeard) {
    Host host(config_of());
    host.step(2, Heartbeat{1, 0, 1});
    host.advance(config_of().election_timeout_min - ms(1));

    EXPECT_TRUE(host.step(3, vote_request(7)).messages.empty());
    EXPECT_TRUE(host.step(3, pre_vote(7)).messages.empty());
    EXPECT_EQ(host.core.status().term, 1U);

    host.advance(ms(1));
    EXPECT_TRUE(granted(host.step(3, vote_request(7))));
}

TEST(Stickiness, ALeaderIgnoresVoteRequestsButLearnsOfHigherTermsFromReplies) {
    Host host(config_of());
    host.lead();

    EXPECT_TRUE(host.step(3, vote_request(7)).messages.empty());
    EXPECT_EQ(host.core.status().role, Role::leader);

    host.step(3, HeartbeatReply{7, 0});
    EXPECT_EQ(host.core.status().role, Role::follower);
    EXPECT_EQ(host.core.status().term, 7U);
}

// §5.2: a candidate that hears from the leader of its own term returns to follower.
TEST(Election, CandidateFollowsTheLeaderOfItsTerm) {
    Host host(config_of());
    host.advance_to_deadline();
    host.step(2, pre_grant(0, 1));

    host.step(3, Heartbeat{1, 0, 1});

    EXPECT_EQ(host.core.status().role, Role::follower);
    EXPECT_EQ(host.core.status().leader, 3U);
    EXPECT_EQ(host.disk.hard_state(), (HardState{1, 1}));
}

// §5.1: "if a server receives a request with a stale term number, it rejects the request".
TEST(Election, ALeaderOfAnOlderTermIsToldTheCurrentOne) {
    Host host(config_of(), recovered_of({}, {5, no_node}));

    const auto heartbeat = host.step(2, Heartbeat{4, 0, 9}).sent<HeartbeatReply>();
    const auto append = host.step(2, AppendRequest{4, {}, {}, 0}).sent<AppendReply>();

    ASSERT_EQ(heartbeat.size(), 1U);
    EXPECT_EQ(heartbeat.front().term, 5U);
    EXPECT_EQ(heartbeat.front().round, 0U);
    ASSERT_EQ(append.size(), 1U);
    EXPECT_EQ(append.front().term, 5U);
    EXPECT_FALSE(append.front().success);
}

// Dissertation §6.2.
TEST(CheckQuorum, ALeaderThatNobodyAnswersStepsDownWithItsVoteKept) {
    Host host(config_of());
    host.lead();
    const Time started = host.now;

    while (host.core.status().role == Role::leader) {
        ASSERT_LT(host.now - started, ms(2000));
        host.advance_to_deadline();
    }

    EXPECT_EQ(host.now - started, config_of().election_timeout_max);
    EXPECT_EQ(host.core.status().term, 1U);
    EXPECT_EQ(host.disk.hard_state(), (HardState{1, 1}));
    EXPECT_EQ(host.core.status().leader, no_node);
}

TEST(CheckQuorum, OneAnsweringFollowerOfTwoIsEnough) {
    Host host(config_of());
    host.lead();

    for (int i = 0; i < 100; ++i) {
        host.advance_to_deadline();
        host.step(3, HeartbeatReply{1, 0});
    }

    EXPECT_EQ(host.core.status().role, Role::leader);
}

TEST(Deadline, TickingBeforeItChangesNothing) {
    Host host(config_of());
    const Time deadline = host.core.next_deadline();

    host.advance(deadline - host.now - Duration(1));
    EXPECT_EQ(host.core.status().role, Role::follower);
    EXPECT_EQ(host.core.next_deadline(), deadline);

    host.advance(Duration(1));
    EXPECT_EQ(host.core.status().role, Role::pre_candidate);
    EXPECT_GT(host.core.next_deadline(), host.now);
}

TEST(RoleTrace, TellsEveryChange) {
    Host host(config_of());
    host.advance_to_deadline();

    const Outputs outputs = host.step(2, pre_grant(0, 1));
    const auto roles = outputs.traced<RoleTrace>();

    ASSERT_EQ(roles.size(), 1U);
    EXPECT_EQ(roles.front().role, Role::candidate);
    EXPECT_EQ(roles.front().term, 1U);
}

}  // namespace
}  // namespace squall::raft::test
