#include "raft/log.hpp"

#include <gtest/gtest.h>

#include "raft/quorum.hpp"
#include "tests/raft/core/host.hpp"

namespace squall::raft::test {
namespace {

/// Hands out what is unwritten as write `id`.
Persist write(Log& log, PersistId id) {
    Persist persist;
    persist.id = id;
    log.write_to(persist);
    return persist;
}

void append(Log& log, Index first, const std::vector<Term>& terms) {
    for (Entry& entry : entries_of(first, terms)) {
        log.append(std::move(entry));
    }
}

TEST(Log, WhatIsRecoveredIsDurable) {
    const Log log({}, entries_of(1, {1, 1, 2}));

    EXPECT_EQ(log.last(), (LogId{2, 3}));
    EXPECT_EQ(log.durable(), 3U);
    EXPECT_EQ(log.term_at(0), 0U);
    EXPECT_EQ(log.term_at(3), 2U);
    EXPECT_EQ(log.term_at(4), std::nullopt);
}

TEST(Log, EntriesThatBeginInsideTheSnapshotAreKeptBehindIt) {
    const Log log({1, 3}, entries_of(2, {1, 1, 2, 2}));

    EXPECT_FALSE(log.discarded());
    EXPECT_EQ(log.base(), (LogId{1, 2}));
    EXPECT_EQ(log.last(), (LogId{2, 5}));
}

TEST(Log, EntriesThatDoNotFitTheSnapshotAreDropped) {
    for (const std::vector<Term>& terms : {std::vector<Term>{1, 1}, std::vector<Term>{1, 1, 1}}) {
        const Log log({2, 4}, entries_of(2, terms));

        EXPECT_TRUE(log.discarded());
        EXPECT_EQ(log.last(), (LogId{2, 4}));
        EXPECT_EQ(log.durable(), 4U);
    }
}

TEST(Log, OnlyConfirmedWritesAreDurable) {
    Log log({}, {});
    append(log, 1, {1, 1});
    EXPECT_EQ(write(log, 1).append.size(), 2U);
    append(log, 3, {1});
    EXPECT_EQ(write(log, 2).append.size(), 1U);
    EXPECT_FALSE(log.unwritten());

    EXPECT_EQ(log.durable(), 0U);
    EXPECT_TRUE(log.confirm(1));
    EXPECT_EQ(log.durable(), 2U);
    EXPECT_TRUE(log.confirm(2));
    EXPECT_EQ(log.durable(), 3U);
}

TEST(Log, ACompletionDoesNotConfirmEntriesThatReplacedTheWrittenOnes) {
    Log log({}, {});
    append(log, 1, {1, 1, 1});
    static_cast<void>(write(log, 1));
    log.truncate_from(2);
    append(log, 2, {2, 2});
    const Persist second = write(log, 2);

    log.confirm(1);
    EXPECT_EQ(log.durable(), 1U);
    log.confirm(2);

    EXPECT_EQ(log.durable(), 3U);
    EXPECT_EQ(second.truncate_from, 2U);
}

TEST(Log, ACompletionDoesNotConfirmTheSameEntriesBroughtBack) {
    Log log({}, {});
    append(log, 1, {1, 1});
    static_cast<void>(write(log, 1));
    log.truncate_from(2);
    append(log, 2, {2});
    static_cast<void>(write(log, 2));
    log.truncate_from(2);
    log.append({2, 2, EntryKind::command, "again"});
    static_cast<void>(write(log, 3));

    // On the disk another entry is about to take index 2 before the third write restores it.
    log.confirm(1);
    EXPECT_EQ(log.durable(), 1U);
    log.confirm(2);
    EXPECT_EQ(log.durable(), 1U);
    log.confirm(3);
    EXPECT_EQ(log.durable(), 2U);
}

TEST(Log, TruncationOfWhatWasNeverHandedOutNeedsNoWrite) {
    Log log({}, {});
    append(log, 1, {1, 1});
    log.truncate_from(2);

    const Persist persist = write(log, 1);

    EXPECT_EQ(persist.truncate_from, std::nullopt);
    EXPECT_EQ(persist.append.size(), 1U);
}

TEST(Log, CompactionKeepsTheTermOfTheLastForgottenEntry) {
    Log log({}, entries_of(1, {1, 1, 2, 3}));

    log.compact(3);

    EXPECT_EQ(log.base(), (LogId{2, 3}));
    EXPECT_EQ(log.term_at(3), 2U);
    EXPECT_EQ(log.term_at(2), std::nullopt);
    EXPECT_EQ(log.slice(4, 4).front().term, 3U);
}

TEST(Log, BatchesAreBoundedButNeverEmpty) {
    Log log({}, {});
    for (Index index = 1; index <= 4; ++index) {
        log.append({1, index, EntryKind::command, std::string(68, 'x')});
    }

    EXPECT_EQ(log.batch_end(1, 200), 2U);
    EXPECT_EQ(log.batch_end(2, 1), 2U);
    EXPECT_EQ(log.batch_end(4, 1000), 4U);
    EXPECT_EQ(log.batch_end(5, 1000), 4U);
}

TEST(Log, FindsTermsByBisection) {
    Log log({}, entries_of(1, {1, 1, 3, 3, 3, 5}));

    EXPECT_EQ(log.first_of_term(5), 3U);
    EXPECT_EQ(log.last_up_to_term(2, 6), 2U);
    EXPECT_EQ(log.last_up_to_term(3, 6), 5U);
    EXPECT_EQ(log.last_up_to_term(3, 4), 4U);
    EXPECT_EQ(log.last_up_to_term(0, 6), 0U);
    EXPECT_EQ(log.last_up_to_term(9, 6), 6U);
}

// §5: a quorum is a majority, also of an even number.
TEST(Quorum, IsAMajority) {
    const auto quorum = [](std::vector<NodeId> voters, const std::vector<NodeId>& granted) {
        return Configuration(std::move(voters)).has_quorum(granted);
    };

    EXPECT_TRUE(quorum({1}, {1}));
    EXPECT_FALSE(quorum({1, 2}, {1}));
    EXPECT_TRUE(quorum({1, 2, 3}, {3, 1}));
    EXPECT_FALSE(quorum({1, 2, 3, 4}, {1, 2}));
    EXPECT_TRUE(quorum({1, 2, 3, 4}, {1, 2, 4}));
    EXPECT_FALSE(quorum({1, 2, 3}, {1, 7, 8}));
    EXPECT_FALSE(quorum({1, 2, 3}, {}));
    EXPECT_FALSE(quorum({}, {1}));
}

TEST(Quorum, ValueIsWhatAMajorityReached) {
    const auto value = [](const std::vector<Index>& match) {
        std::vector<NodeId> voters;
        for (NodeId id = 1; id <= match.size(); ++id) {
            voters.push_back(id);
        }
        return Configuration(voters).quorum_value([&](NodeId id) { return match[id - 1]; });
    };

    EXPECT_EQ(value({5}), 5U);
    EXPECT_EQ(value({5, 3}), 3U);
    EXPECT_EQ(value({9, 2, 5}), 5U);
    EXPECT_EQ(value({9, 8, 2, 1}), 2U);
    EXPECT_EQ(value({9, 1, 7, 2, 8}), 7U);
}

}  // namespace
}  // namespace squall::raft::test
