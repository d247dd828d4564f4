#include <gtest/gtest.h>

#include "tests/raft/core/host.hpp"

namespace squall::raft::test {
namespace {

AppendRequest append(Term term, LogId previous, const std::vector<Term>& terms) {
    return {term, previous, entries_of(previous.index + 1, terms), 0};
}

TEST(Persistence, TheFirstEventSaysWhatWasRecovered) {
    Host host(config_of(), recovered_of({1, 3}, {4, 2}));

    const Outputs outputs = host.take();

    ASSERT_EQ(outputs.trace.size(), 1U);
    const auto init = outputs.traced<InitTrace>();
    ASSERT_EQ(init.size(), 1U);
    EXPECT_EQ(init.front().hard_state, (HardState{4, 2}));
    EXPECT_EQ(init.front().last, (LogId{3, 2}));
    EXPECT_TRUE(host.writes.empty());
}

TEST(Persistence, ARecoveredEntryProvesThatItsTermHadBegun) {
    Host host(config_of(), recovered_of({1, 3}, {2, 1}));

    host.settle();

    EXPECT_EQ(host.core.status().term, 3U);
    EXPECT_EQ(host.disk.hard_state(), (HardState{3, no_node}));
}

TEST(Persistence, LeftoversOfAnInterruptedInstallationAreForgottenOnDiskToo) {
    Recovered recovered = recovered_of({1, 1, 1, 1}, {2, no_node});
    recovered.snapshot = Snapshot{{2, 4}, {1, 2, 3}, std::make_shared<const std::string>("s")};
    Host host(config_of(), recovered);

    host.settle();

    EXPECT_TRUE(host.disk.entries().empty());
    EXPECT_EQ(host.disk.last(), (LogId{2, 4}));
}

TEST(Persistence, SeveralWritesMayBeUnderWayAndAcknowledgementsFollowInOrder) {
    Host host(config_of());
    host.step(2, Heartbeat{1, 0, 0});
    host.core.step(host.now, {2, 1, append(1, {}, {1})});
    static_cast<void>(host.take());
    host.core.step(host.now, {2, 1, append(1, {1, 1}, {1})});
    static_cast<void>(host.take());
    ASSERT_EQ(host.writes.size(), 2U);

    host.persist(1);
    const auto first = host.take().sent<AppendReply>();
    host.persist(1);
    const auto second = host.take().sent<AppendReply>();

    ASSERT_EQ(first.size(), 1U);
    EXPECT_EQ(first.front().match, 1U);
    ASSERT_EQ(second.size(), 1U);
    EXPECT_EQ(second.front().match, 2U);
}

TEST(Persistence, ACompletionOfReplacedEntriesAcknowledgesNothing) {
    Host host(config_of());
    host.core.step(host.now, {2, 1, append(1, {}, {1, 1, 1})});
    static_cast<void>(host.take());
    host.core.step(host.now, {3, 1, append(2, {1, 1}, {2, 2})});
    static_cast<void>(host.take());

    host.persist(1);
    const Outputs first = host.take();
    EXPECT_TRUE(first.sent<AppendReply>().empty());
    EXPECT_EQ(host.core.status().durable, 1U);
    host.persist(1);
    const Outputs second = host.take();

    ASSERT_EQ(second.sent<AppendReply>(3).size(), 1U);
    EXPECT_EQ(second.sent<AppendReply>(3).front().match, 3U);
    EXPECT_EQ(host.core.status().durable, 3U);
}

TEST(Persistence, AReplyThatImpliesANewTermWaitsForIt) {
    Host host(config_of());
    host.core.step(host.now, {2, 1, Heartbeat{3, 0, 1}});

    EXPECT_TRUE(host.take().messages.empty());
    host.persist(1);

    EXPECT_EQ(host.take().sent<HeartbeatReply>().size(), 1U);
}

TEST(Persistence, AHeartbeatReplyOfADurableTermDoesNotWaitForEntries) {
    Host host(config_of());
    host.step(2, Heartbeat{1, 0, 1});
    host.core.step(host.now, {2, 1, append(1, {}, {1})});
    host.core.step(host.now, {2, 1, Heartbeat{1, 0, 2}});

    const auto replies = host.take().sent<HeartbeatReply>();

    ASSERT_EQ(replies.size(), 1U);
}

TEST(Persistence, WhatAnOldTermWantedToSayIsDropped) {
    Host host(config_of());
    host.core.step(host.now, {2, 1, VoteRequest{1, {}, false}});
    static_cast<void>(host.take());
    host.core.step(host.now, {3, 1, VoteRequest{2, {}, false}});

    const auto replies = host.settle().sent<VoteReply>();

    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies.front().term, 2U);
}

}  // namespace
}  // namespace squall::raft::test
