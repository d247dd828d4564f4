#include <gtest/gtest.h>

#include "tests/raft/core/host.hpp"

namespace squall::raft::test {
namespace {

/// A leader whose no-op is committed.
Host ready_leader() {
    Host host(config_of());
    host.lead();
    host.acknowledge();
    return host;
}

// Dissertation §6.4.
TEST(ReadIndex, OnlyALeaderStartsOne) {
    Host host(config_of());

    EXPECT_EQ(host.core.read_index(host.now), std::nullopt);
}

TEST(ReadIndex, IsConfirmedByAQuorumOfOneRound) {
    Host host = ready_leader();
    const auto id = host.core.read_index(host.now);

    const Outputs asked = host.settle();
    ASSERT_EQ(asked.sent<Heartbeat>().size(), 2U);
    EXPECT_TRUE(asked.reads.empty());
    const Outputs outputs = host.step(3, HeartbeatReply{1, asked.sent<Heartbeat>().front().round});

    ASSERT_EQ(outputs.reads.size(), 1U);
    EXPECT_EQ(outputs.reads.front().id, id);
    EXPECT_TRUE(outputs.reads.front().confirmed);
    EXPECT_EQ(outputs.reads.front().index, 1U);
}

TEST(ReadIndex, RepliesToEarlierRoundsConfirmNothing) {
    Host host = ready_leader();
    ASSERT_TRUE(host.core.read_index(host.now));
    const std::uint64_t first = host.settle().sent<Heartbeat>().front().round;
    ASSERT_TRUE(host.core.read_index(host.now));
    host.settle();

    const Outputs outputs = host.step(2, HeartbeatReply{1, first});

    EXPECT_EQ(outputs.reads.size(), 1U);
}

TEST(ReadIndex, ReadsBetweenTwoReadysShareARound) {
    Host host = ready_leader();
    ASSERT_TRUE(host.core.read_index(host.now));
    ASSERT_TRUE(host.core.read_index(host.now));

    const auto asked = host.settle().sent<Heartbeat>(2);

    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(host.step(2, HeartbeatReply{1, asked.front().round}).reads.size(), 2U);
}

TEST(ReadIndex, ARoundThatWasLostIsRepeatedByHeartbeats) {
    Host host = ready_leader();
    ASSERT_TRUE(host.core.read_index(host.now));
    const std::uint64_t round = host.settle().sent<Heartbeat>().front().round;

    EXPECT_EQ(host.advance_to_deadline().sent<Heartbeat>(2).front().round, round);
}

// §8: a leader must first commit an entry of its own term.
TEST(ReadIndex, WaitsForTheNoopOfTheTerm) {
    Host host(config_of(), recovered_of({1, 1}, {1, no_node}));
    host.lead();
    ASSERT_TRUE(host.core.read_index(host.now));
    EXPECT_TRUE(host.settle().sent<Heartbeat>().empty());

    const auto asked = host.acknowledge().sent<Heartbeat>(2);
    ASSERT_EQ(asked.size(), 1U);
    const Outputs outputs = host.step(2, HeartbeatReply{2, asked.front().round});

    ASSERT_EQ(outputs.reads.size(), 1U);
    EXPECT_EQ(outputs.reads.front().index, 3U);
}

TEST(ReadIndex, EveryPendingReadFailsWhenLeadershipIsLost) {
    Host host = ready_leader();
    const auto begun = host.core.read_index(host.now);
    host.settle();
    const auto waiting = host.core.read_index(host.now);

    const Outputs outputs = host.step(3, Heartbeat{5, 0, 1});

    ASSERT_EQ(outputs.reads.size(), 2U);
    EXPECT_EQ(outputs.reads[0].id, begun);
    EXPECT_EQ(outputs.reads[1].id, waiting);
    EXPECT_FALSE(outputs.reads[0].confirmed);
    EXPECT_FALSE(outputs.reads[1].confirmed);
}

TEST(ReadIndex, AServerAloneConfirmsAtOnce) {
    Host host(config_of(1, {1}));
    host.advance_to_deadline();
    ASSERT_TRUE(host.core.read_index(host.now));

    EXPECT_EQ(host.settle().reads.size(), 1U);
}

}  // namespace
}  // namespace squall::raft::test
