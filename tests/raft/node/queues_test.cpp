#include <gtest/gtest.h>

#include "raft/node/event_log.hpp"
#include "raft/node/hello.hpp"
#include "raft/node/inbox.hpp"
#include "raft/node/outbox.hpp"

namespace squall::raft::node {
namespace {

constexpr Time long_ago{1};

Envelope heartbeat() {
    return {2, 1, Heartbeat{1, 0, 0}};
}

TEST(Inbox, HandsOutEverythingAtOnceInOrder) {
    Inbox inbox;
    ASSERT_TRUE(inbox.push_peer(heartbeat(), 10));
    ASSERT_TRUE(inbox.push_client({7, {}}, 10));
    inbox.push_persisted(3);
    inbox.push_persisted(4);

    const auto taken = inbox.take(long_ago, false);

    ASSERT_TRUE(taken);
    ASSERT_EQ(taken->size(), 3U);
    EXPECT_TRUE(std::holds_alternative<server::PeerInput>(taken->at(0)));
    EXPECT_EQ(std::get<server::ClientInput>(taken->at(1)).token, 7U);
    EXPECT_EQ(std::get<server::PersistedInput>(taken->at(2)).id, 4U);
}

TEST(Inbox, YieldsATickWhenTheDeadlinePassed) {
    Inbox inbox;

    const auto taken = inbox.take(long_ago, false);

    ASSERT_TRUE(taken);
    ASSERT_EQ(taken->size(), 1U);
    EXPECT_TRUE(std::holds_alternative<server::TickInput>(taken->front()));
}

TEST(Inbox, RefusesBeyondItsLimitAndTakesAgainOnceEmptied) {
    Inbox inbox;
    ASSERT_TRUE(inbox.push_client({1, {}}, Inbox::max_bytes));

    EXPECT_FALSE(inbox.push_client({2, {}}, 1));
    EXPECT_TRUE(inbox.push_peer(heartbeat(), 1)) << "peers have a limit of their own";

    static_cast<void>(inbox.take(long_ago, false));
    EXPECT_TRUE(inbox.push_client({3, {}}, 1));
}

TEST(Inbox, ALaggingDiskLeavesPeersAndClientsWaiting) {
    Inbox inbox;
    ASSERT_TRUE(inbox.push_peer(heartbeat(), 10));
    inbox.push_persisted(1);

    const auto first = inbox.take(long_ago, true);
    const auto second = inbox.take(long_ago, false);

    ASSERT_TRUE(first && second);
    ASSERT_EQ(first->size(), 1U);
    EXPECT_TRUE(std::holds_alternative<server::PersistedInput>(first->front()));
    EXPECT_TRUE(std::holds_alternative<server::PeerInput>(second->front()));
}

TEST(Inbox, YieldsNothingOnceClosed) {
    Inbox inbox;
    inbox.close();

    EXPECT_FALSE(inbox.take(monotonic_now() + std::chrono::hours(1), false));
}

TEST(Outbox, WakesOncePerTake) {
    Metrics metrics;
    int wakes = 0;
    Outbox outbox([&wakes] { ++wakes; }, metrics);

    outbox.push({heartbeat()}, {});
    outbox.push({heartbeat()}, {});
    outbox.push({}, {});

    EXPECT_EQ(wakes, 1);
    EXPECT_EQ(outbox.take().messages.size(), 2U);
    outbox.push({}, {server::ClientReply{1, {}}});
    EXPECT_EQ(wakes, 2);
}

TEST(Outbox, DropsMessagesBeyondItsLimitButNeverReplies) {
    Metrics metrics;
    Outbox outbox([] {}, metrics);
    SnapshotChunk chunk;
    chunk.data.resize(Outbox::max_bytes / 2);
    const Envelope large{1, 2, chunk};

    outbox.push({large, large}, {server::ClientReply{1, {}}});

    const Outgoing taken = outbox.take();
    EXPECT_EQ(taken.messages.size(), 1U);
    EXPECT_EQ(taken.replies.size(), 1U);
    EXPECT_EQ(metrics.messages_dropped.value(), 1U);
}

TEST(Hello, RoundTrips) {
    const Hello hello{DiallerRole::peer, 9, 1, 2};

    EXPECT_EQ(decode_hello(encode(hello)), hello);
    EXPECT_FALSE(decode_hello(encode(hello) + "x"));
    EXPECT_FALSE(decode_hello(encode(hello).substr(1)));
    EXPECT_FALSE(decode_hello(""));
}

TEST(Hello, FitsOnlyTheNodeAndClusterThatItNames) {
    const auto peer = DiallerRole::peer;
    const auto client = DiallerRole::client;

    EXPECT_TRUE(fits({peer, 9, 1, 2}, peer, 9, 2));
    EXPECT_TRUE(fits({peer, 9, 1, 0}, peer, 9, 2));
    EXPECT_FALSE(fits({peer, 9, 1, 3}, peer, 9, 2)) << "another node";
    EXPECT_FALSE(fits({peer, 8, 1, 2}, peer, 9, 2)) << "another cluster";
    EXPECT_FALSE(fits({peer, 0, 1, 2}, peer, 9, 2)) << "only clients may leave the cluster open";
    EXPECT_FALSE(fits({peer, 9, 2, 2}, peer, 9, 2)) << "itself";
    EXPECT_FALSE(fits({client, 9, 0, 2}, peer, 9, 2)) << "the other port";
    EXPECT_TRUE(fits({client, 0, 0, 0}, client, 9, 2));
    EXPECT_FALSE(fits({client, 8, 0, 0}, client, 9, 2));
}

}  // namespace
}  // namespace squall::raft::node
