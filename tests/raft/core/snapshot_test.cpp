#include <gtest/gtest.h>

#include "tests/raft/core/host.hpp"

namespace squall::raft::test {
namespace {

Snapshot snapshot_at(LogId last, const std::string& data) {
    return {last, {1, 2, 3}, std::make_shared<const std::string>(data)};
}

SnapshotChunk chunk(Term term, LogId last, std::uint64_t offset, std::string data) {
    return {term, last, {1, 2, 3}, offset, 10, std::move(data)};
}

std::optional<SnapshotReply> only_snapshot_reply(const Outputs& outputs) {
    const auto replies = outputs.sent<SnapshotReply>();
    return replies.size() == 1 ? std::optional(replies.front()) : std::nullopt;
}

/// A leader with ten committed entries and a snapshot of all of them, two entries kept.
Host compacted_leader(const std::string& data = "0123456789") {
    Host host(config_of());
    host.lead();
    for (int i = 0; i < 9; ++i) {
        host.propose("x");
    }
    host.acknowledge(2);
    host.core.on_snapshot_taken(host.now, snapshot_at({1, 10}, data), 77);
    return host;
}

/// Node 3 never answered; its first sign of life makes the leader find its entries gone.
std::vector<SnapshotChunk> start_transfer(Host& host) {
    host.advance(ms(60));
    return host.step(3, HeartbeatReply{1, 0}).sent<SnapshotChunk>(3);
}

SnapshotReply wants(std::uint64_t offset) {
    return {1, {1, 10}, offset, false, 0};
}

SnapshotReply installed(LogId last) {
    return {1, last, 0, true, last.index};
}

// §7: "each server takes snapshots independently, covering just the committed entries".
TEST(Compaction, KeepsTheMarginBehindTheSnapshot) {
    Host host = compacted_leader();

    const Outputs before = host.take();
    ASSERT_EQ(host.writes.size(), 1U);
    EXPECT_EQ(host.writes.front().compact_to, 8U);
    EXPECT_TRUE(before.traced<SnapshotTrace>().empty());
    const Outputs outputs = host.settle();

    EXPECT_EQ(host.core.term_at(7), std::nullopt);
    EXPECT_EQ(host.core.term_at(9), 1U);
    EXPECT_EQ(host.core.status().snapshot, 10U);
    ASSERT_EQ(outputs.traced<SnapshotTrace>().size(), 1U);
    EXPECT_EQ(outputs.traced<SnapshotTrace>().front().hash, 77U);
    EXPECT_FALSE(outputs.traced<SnapshotTrace>().front().installed);
}

TEST(Compaction, AnOlderSnapshotThanTheLatestIsIgnored) {
    Host host = compacted_leader();
    host.settle();

    host.core.on_snapshot_taken(host.now, snapshot_at({1, 9}, "old"), 1);

    EXPECT_TRUE(host.take().trace.empty());
    EXPECT_TRUE(host.writes.empty());
}

TEST(Compaction, ARestartBeginsAtTheSnapshot) {
    Host first = compacted_leader();
    first.settle();

    Host second(config_of(), first.disk.recovered());
    const auto init = second.take().traced<InitTrace>();

    ASSERT_EQ(init.size(), 1U);
    EXPECT_EQ(init.front().snapshot, (LogId{1, 10}));
    EXPECT_EQ(second.core.status().commit, 10U);
    EXPECT_EQ(second.core.status().applied, 10U);
    EXPECT_EQ(second.core.term_at(9), 1U);
}

// §7: InstallSnapshot, when the leader has discarded what the follower needs.
TEST(SendSnapshot, GoesChunkByChunkThenEntriesFollow) {
    Host host = compacted_leader();
    host.settle();

    const auto first = start_transfer(host);
    const auto second = host.step(3, wants(4)).sent<SnapshotChunk>(3);
    const auto third = host.step(3, wants(8)).sent<SnapshotChunk>(3);
    host.propose("behind");
    const auto entries = host.step(3, installed({1, 10})).sent<AppendRequest>(3);

    ASSERT_EQ(first.size(), 1U);
    EXPECT_EQ(first.front(), (SnapshotChunk{1, {1, 10}, {1, 2, 3}, 0, 10, "0123"}));
    ASSERT_EQ(second.size(), 1U);
    EXPECT_EQ(second.front().data, "4567");
    ASSERT_EQ(third.size(), 1U);
    EXPECT_EQ(third.front().data, "89");
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries.front().previous, (LogId{1, 10}));
    EXPECT_EQ(entries.front().entries.size(), 1U);
}

TEST(SendSnapshot, DuplicateRepliesSendNothing) {
    Host host = compacted_leader();
    host.settle();
    start_transfer(host);
    host.step(3, wants(4));

    EXPECT_TRUE(host.step(3, wants(4)).messages.empty());
    EXPECT_TRUE(host.step(3, wants(99)).messages.empty());
}

TEST(SendSnapshot, ALostChunkIsSentAgain) {
    Host host = compacted_leader();
    host.settle();
    start_transfer(host);

    EXPECT_TRUE(host.step(3, HeartbeatReply{1, 0}).messages.empty());
    host.advance(ms(100));
    const auto again = host.step(3, HeartbeatReply{1, 0}).sent<SnapshotChunk>(3);

    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again.front().offset, 0U);
}

TEST(SendSnapshot, AFollowerThatRestartedBeginsAgain) {
    Host host = compacted_leader();
    host.settle();
    start_transfer(host);
    host.step(3, wants(4));
    host.advance(ms(60));

    const auto again = host.step(3, wants(0)).sent<SnapshotChunk>(3);

    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again.front().offset, 0U);
}

TEST(SendSnapshot, OneThatIsOutdatedWhenItArrivesIsFollowedByANewerOne) {
    Host host = compacted_leader();
    host.settle();
    start_transfer(host);
    for (int i = 0; i < 10; ++i) {
        host.propose("x");
    }
    host.acknowledge(2);
    host.core.on_snapshot_taken(host.now, snapshot_at({1, 20}, "newer"), 78);
    host.settle();

    const auto next = host.step(3, installed({1, 10})).sent<SnapshotChunk>(3);

    ASSERT_EQ(next.size(), 1U);
    EXPECT_EQ(next.front().last, (LogId{1, 20}));
}

TEST(InstallSnapshot, IsHandedOutAndAcknowledgedOnceDurable) {
    Host host(config_of(), recovered_of({1, 1}, {1, no_node}));
    EXPECT_EQ(only_snapshot_reply(host.step(2, chunk(2, {2, 7}, 0, "01234")))->offset, 5U);

    host.core.step(host.now, {2, 1, chunk(2, {2, 7}, 5, "56789")});
    const Outputs before = host.take();
    ASSERT_EQ(host.writes.size(), 1U);
    EXPECT_TRUE(host.writes.front().discard_log);
    host.persist(1);
    const Outputs after = host.take();

    EXPECT_FALSE(before.restore);
    EXPECT_TRUE(before.sent<SnapshotReply>().empty());
    ASSERT_TRUE(after.restore);
    EXPECT_EQ(*after.restore->data, "0123456789");
    EXPECT_TRUE(only_snapshot_reply(after)->installed);
    EXPECT_EQ(only_snapshot_reply(after)->match, 7U);
    EXPECT_TRUE(after.traced<SnapshotTrace>().empty());
    EXPECT_EQ(host.core.status().applied, 7U);
    EXPECT_EQ(host.disk.last(), (LogId{2, 7}));
}

TEST(InstallSnapshot, EntriesBehindItAreHandedOutAfterIt) {
    Host host(config_of());
    host.core.step(host.now, {2, 1, chunk(2, {2, 7}, 0, "0123456789")});
    host.core.step(host.now, {2, 1, AppendRequest{2, {2, 7}, entries_of(8, {2}), 8}});

    EXPECT_TRUE(host.take().committed.empty());
    host.persist(host.writes.size());
    const Outputs outputs = host.take();

    ASSERT_TRUE(outputs.restore);
    ASSERT_EQ(outputs.committed.size(), 1U);
    EXPECT_EQ(outputs.committed.front().index, 8U);
}

// §7: "if the snapshot describes a prefix of the log, entries following it are retained".
TEST(InstallSnapshot, ALogThatContainsItKeepsItsSuffix) {
    Host host(config_of(), recovered_of({1, 1, 1, 1}, {1, no_node}));

    const Outputs outputs = host.step(2, chunk(1, {1, 3}, 0, "0123456789"));

    EXPECT_FALSE(outputs.restore);
    EXPECT_EQ(only_snapshot_reply(outputs)->match, 3U);
    EXPECT_EQ(host.core.status().commit, 3U);
    EXPECT_EQ(host.log_terms().size(), 4U);
}

TEST(InstallSnapshot, OneOlderThanCommitIsAcknowledgedAndIgnored) {
    Host host(config_of());
    host.step(2, AppendRequest{1, {}, entries_of(1, {1, 1, 1}), 3});

    const Outputs outputs = host.step(2, chunk(1, {1, 2}, 0, "0123456789"));

    EXPECT_FALSE(outputs.restore);
    EXPECT_TRUE(only_snapshot_reply(outputs)->installed);
    EXPECT_EQ(only_snapshot_reply(outputs)->match, 3U);
}

TEST(InstallSnapshot, OneOlderThanTheCompactedLogIsIgnored) {
    Host host(config_of());
    host.step(2, AppendRequest{1, {}, entries_of(1, std::vector<Term>(10, 1)), 10});
    host.core.on_snapshot_taken(host.now, snapshot_at({1, 10}, "own"), 1);
    host.settle();

    const Outputs outputs = host.step(2, chunk(1, {1, 5}, 0, "0123456789"));

    EXPECT_FALSE(outputs.restore);
    EXPECT_EQ(only_snapshot_reply(outputs)->match, 10U);
    EXPECT_EQ(host.core.status().snapshot, 10U);
}

TEST(InstallSnapshot, ChunksOutOfPlaceAreNotTaken) {
    Host host(config_of());

    EXPECT_EQ(only_snapshot_reply(host.step(2, chunk(1, {1, 7}, 5, "56789")))->offset, 0U);
    EXPECT_EQ(only_snapshot_reply(host.step(2, chunk(1, {1, 7}, 0, "0123")))->offset, 4U);
    EXPECT_EQ(only_snapshot_reply(host.step(2, chunk(1, {1, 7}, 0, "0123")))->offset, 4U);
    EXPECT_EQ(only_snapshot_reply(host.step(2, chunk(1, {1, 8}, 4, "4567")))->offset, 0U);
}

TEST(InstallSnapshot, ChunksOfTwoLeadersAreNotMixed) {
    Host host(config_of());
    host.step(2, chunk(1, {1, 7}, 0, "01234"));

    EXPECT_EQ(only_snapshot_reply(host.step(3, chunk(2, {1, 7}, 5, "56789")))->offset, 0U);
}

TEST(InstallSnapshot, WhatTheApplicationCannotUseIsNotInstalledAndBeginsAnew) {
    CoreConfig config = config_of();
    config.usable_snapshot = [](const Snapshot& snapshot) {
        return *snapshot.data == "rightright";
    };
    Host host(config);

    EXPECT_TRUE(host.step(2, chunk(1, {1, 7}, 0, "wrongwrong")).messages.empty());
    EXPECT_EQ(host.core.status().refusals.unusable_snapshots, 1U);
    EXPECT_EQ(host.core.status().snapshot, 0U);

    host.step(2, chunk(1, {1, 7}, 0, "rightright"));
    EXPECT_EQ(host.core.status().snapshot, 7U);
}

TEST(InstallSnapshot, NonsenseIsDropped) {
    CoreConfig config = config_of();
    config.max_snapshot_bytes = 100;
    Host host(config);
    SnapshotChunk too_big = chunk(1, {1, 7}, 0, "0");
    too_big.total = 101;
    SnapshotChunk overrun = chunk(1, {1, 7}, 8, "89abc");
    SnapshotChunk nobody = chunk(1, {1, 7}, 0, "0");
    nobody.voters.clear();

    EXPECT_TRUE(host.step(2, too_big).messages.empty());
    EXPECT_TRUE(host.step(2, overrun).messages.empty());
    EXPECT_TRUE(host.step(2, nobody).messages.empty());
    EXPECT_TRUE(host.step(2, chunk(1, {}, 0, "0")).messages.empty());
}

}  // namespace
}  // namespace squall::raft::test
