// Crashes at every point: whatever was confirmed is there afterwards, and nothing is refused.
#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "raft/storage/memory_disk.hpp"
#include "raft/storage/storage.hpp"
#include "tests/raft/storage/model.hpp"

namespace squall::raft::storage {
namespace {

StorageConfig config() {
    StorageConfig made;
    made.node = 1;
    made.segment_bytes = 4096;
    return made;
}

/// A core's life, drawn: terms rise, conflicting suffixes are replaced, snapshots are taken and
/// received. Remembers what storage must know.
class Life {
  public:
    [[nodiscard]] const Recovered& state() const { return state_; }

    [[nodiscard]] Index compacted() const { return compacted_; }

    Persist next() {
        Persist persist;
        switch (*rc::gen::inRange(0, 8)) {
            case 0:
                persist = voted(term() + 1, *rc::gen::inRange<NodeId>(0, 4));
                break;
            case 1:
                persist = take_snapshot();
                break;
            case 2:
                persist = receive_snapshot();
                break;
            case 3:
                persist = replace_suffix();
                break;
            default:
                persist = appended(some_entries(last() + 1));
        }
        remember(persist);
        return persist;
    }

    void remember(const Persist& persist) {
        apply(state_, persist);
        compacted_ = std::max(compacted_, persist.compact_to.value_or(0));
    }

    /// After a restart: what came back is what counts.
    void continue_from(Recovered recovered) { state_ = std::move(recovered); }

  private:
    [[nodiscard]] Term term() const { return state_.hard_state.term; }

    [[nodiscard]] LogId snapshot_id() const {
        return state_.snapshot ? state_.snapshot->last : LogId{};
    }

    [[nodiscard]] Index last() const {
        return state_.entries.empty() ? snapshot_id().index : state_.entries.back().index;
    }

    std::vector<Entry> some_entries(Index first) {
        const auto count = *rc::gen::inRange<std::size_t>(1, 4);
        const auto bytes = *rc::gen::element<std::size_t>(0, 10, 500, 1500, 5000);
        const char fill = *rc::gen::element('\0', 'x');
        return entries(term(), first, count, std::string(bytes, fill));
    }

    Persist take_snapshot() {
        const Index end = last();
        if (end <= snapshot_id().index) {
            return appended(some_entries(end + 1));
        }
        const Index index = *rc::gen::inRange(snapshot_id().index + 1, end + 1);
        const Index margin = *rc::gen::inRange<Index>(0, 6);
        return snapshot_taken(snapshot(term(), index, "taken" + std::to_string(index)),
                              index - std::min(index, margin));
    }

    Persist receive_snapshot() {
        const Index index = snapshot_id().index + *rc::gen::inRange<Index>(1, 30);
        Persist persist = snapshot_received(snapshot(term() + 1, index, std::string(700, 'r')));
        persist.hard_state = HardState{term() + 1, no_node};
        if (*rc::gen::arbitrary<bool>()) {
            persist.append = entries(term() + 1, index + 1, 2, "after");
        }
        return persist;
    }

    Persist replace_suffix() {
        const Index from = *rc::gen::inRange(snapshot_id().index + 1, last() + 2);
        Persist persist = appended(some_entries(from));
        persist.truncate_from = from;
        return persist;
    }

    Recovered state_;
    Index compacted_ = 0;
};

CrashPolicy any_crash() {
    return {static_cast<CrashPolicy::Unsynced>(*rc::gen::inRange(0, 4)),
            *rc::gen::arbitrary<std::uint64_t>()};
}

RC_GTEST_PROP(StorageUnderCrashes, RecoversEverythingConfirmed, ()) {
    MemoryDisk disk;
    Life life;
    auto storage = std::make_optional<Storage>(disk, config());
    const auto rounds = *rc::gen::inRange(1, 30);
    for (int round = 0; round < rounds; ++round) {
        const Recovered before = life.state();
        std::vector<Persist> batch;
        const auto size = *rc::gen::inRange<std::size_t>(1, 4);
        while (batch.size() < size) {
            batch.push_back(life.next());
        }
        const bool crash = *rc::gen::inRange(0, 3) == 0;
        if (crash) {
            disk.fail_after(*rc::gen::inRange<std::uint64_t>(0, 12));
        }
        bool confirmed = true;
        try {
            storage->write(batch);
        } catch (const DiskError&) {
            confirmed = false;
        }
        if (!crash) {
            continue;
        }
        storage.reset();
        disk.crash(any_crash());
        storage.emplace(disk, config());
        Recovered found = storage->take_recovered();
        if (confirmed) {
            RC_ASSERT(same(found, life.state(), life.compacted()));
        } else {
            RC_ASSERT(is_some_prefix(found, before, life.compacted(), batch));
        }
        life.continue_from(std::move(found));
    }
    storage.reset();
    RC_ASSERT(same(Storage(disk, config()).take_recovered(), life.state(), life.compacted()));
}

/// After a failed fsync a start may find in the page cache what the disk does not have. What it
/// then reports must be there for good.
RC_GTEST_PROP(StorageUnderCrashes, WhatAStartReportsAfterAFailedSyncIsDurable, ()) {
    MemoryDisk disk;
    Life life;
    {
        Storage storage(disk, config());
        const auto rounds = *rc::gen::inRange(0, 12);
        for (int round = 0; round < rounds; ++round) {
            const Persist persist = life.next();
            storage.write(std::span(&persist, 1));
        }
        const Persist persist = life.next();
        disk.fail_next_sync();
        try {
            storage.write(std::span(&persist, 1));
        } catch (const DiskError&) {
        }
    }
    disk.crash({CrashPolicy::Unsynced::keep, *rc::gen::arbitrary<std::uint64_t>()});
    const Recovered found = Storage(disk, config()).take_recovered();

    disk.crash({CrashPolicy::Unsynced::drop, 0});

    RC_ASSERT(same(Storage(disk, config()).take_recovered(), found, life.compacted()));
}

RC_GTEST_PROP(StorageUnderCrashes, RecoveryItselfMayCrash, ()) {
    MemoryDisk disk;
    Life life;
    {
        Storage storage(disk, config());
        for (int i = 0; i < 20; ++i) {
            const Persist persist = life.next();
            storage.write(std::span(&persist, 1));
        }
    }
    for (int attempt = 0; attempt < 10; ++attempt) {
        disk.fail_after(*rc::gen::inRange<std::uint64_t>(0, 4));
        try {
            const Storage storage(disk, config());
        } catch (const DiskError&) {
        }
        disk.crash(any_crash());
    }

    RC_ASSERT(same(Storage(disk, config()).take_recovered(), life.state(), life.compacted()));
}

/// Writes a confirmed batch and then an unconfirmed one into one segment.
struct Cut {
    std::string name = "wal-0000000000000001";
    std::string bytes;           ///< The segment with both batches.
    std::size_t confirmed = 0;   ///< Where the first batch ends.
    std::size_t written = 0;     ///< Where the second ends.
    Recovered state;             ///< After the first.
    std::vector<Persist> batch;  ///< The second.
};

Cut make_cut() {
    Cut cut;
    MemoryDisk disk;
    Storage storage(disk, config());
    const Persist first = appended(entries(1, 1, 3, "confirmed"));
    storage.write(std::span(&first, 1));
    apply(cut.state, first);
    cut.confirmed = storage.bytes();
    cut.batch = {voted(2, 2), appended(entries(2, 4, 3, std::string(400, 'u')))};
    storage.write(cut.batch);
    cut.written = storage.bytes();
    cut.bytes = disk.contents(cut.name);
    return cut;
}

void expect_prefix(const Cut& cut, const std::string& bytes, std::size_t at) {
    MemoryDisk disk;
    (void)disk.open(cut.name, true);
    disk.set_contents(cut.name, bytes);
    // Whoever recovers from a tear goes on writing, and that must survive the next start too.
    Recovered found;
    {
        Storage storage(disk, config());
        found = storage.take_recovered();
        const Persist more = voted(9, 3);
        storage.write(std::span(&more, 1));
    }
    EXPECT_TRUE(is_some_prefix(found, cut.state, 0, cut.batch)) << "at " << at;
    found.hard_state = {9, 3};
    EXPECT_TRUE(same(Storage(disk, config()).take_recovered(), found)) << "at " << at;
}

TEST(TornWrite, EveryPrefixFollowedByZerosRecovers) {
    const Cut cut = make_cut();

    for (std::size_t at = cut.confirmed; at <= cut.written; ++at) {
        std::string bytes = cut.bytes;
        std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.end(), '\0');
        expect_prefix(cut, bytes, at);
    }
}

TEST(TornWrite, IsCountedWhenItIsRepairedAndOnlyThen) {
    MemoryDisk disk;
    {
        Storage storage(disk, config());
        const Persist persist = appended(entries(1, 1, 1, "x"));
        storage.write(std::span(&persist, 1));
    }
    ASSERT_EQ(Storage(disk, config()).repaired_tails(), 0U);
    const std::string name = disk.list().front();
    std::string bytes = disk.contents(name);

    bytes.replace(bytes.find_last_not_of('\0') - 15, 16, 16, '\0');
    disk.set_contents(name, bytes);

    EXPECT_EQ(Storage(disk, config()).repaired_tails(), 1U);
    EXPECT_EQ(Storage(disk, config()).repaired_tails(), 0U);
}

TEST(TornWrite, EveryPrefixThatEndsTheFileRecovers) {
    const Cut cut = make_cut();

    for (std::size_t at = cut.confirmed; at <= cut.written; ++at) {
        expect_prefix(cut, cut.bytes.substr(0, at), at);
    }
}

TEST(TornWrite, AnySubsetOfItsSectorsRecovers) {
    const Cut cut = make_cut();
    constexpr std::size_t sector = 512;
    const std::size_t first = cut.confirmed / sector;
    const std::size_t count = (cut.written - 1) / sector + 1 - first;

    for (std::size_t subset = 0; subset < std::size_t{1} << count; ++subset) {
        std::string bytes = cut.bytes;
        for (std::size_t i = 0; i < count; ++i) {
            if ((subset >> i & 1U) == 0) {
                const std::size_t from = std::max((first + i) * sector, cut.confirmed);
                const std::size_t to = std::min((first + i + 1) * sector, cut.written);
                std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(from),
                          bytes.begin() + static_cast<std::ptrdiff_t>(to),
                          '\0');
            }
        }
        expect_prefix(cut, bytes, subset);
    }
}

TEST(TornWrite, TearBehindAnIncompleteBatchRecovers) {
    const Cut cut = make_cut();
    constexpr std::size_t hard_state_record = 40;
    std::string bytes = cut.bytes;
    const std::size_t at = cut.confirmed + hard_state_record;
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.end(), '\0');
    Recovered state = cut.state;
    apply(state, cut.batch[0]);
    const std::vector<Persist> more{appended(entries(2, 4, 5, std::string(300, 'm')))};

    for (std::uint64_t choice = 0; choice < 200; ++choice) {
        MemoryDisk disk;
        (void)disk.open(cut.name, true);
        disk.set_contents(cut.name, bytes);
        {
            Storage storage(disk, config());
            disk.fail_after(0);
            EXPECT_THROW(storage.write(more), DiskError);
        }
        disk.crash({CrashPolicy::Unsynced::scatter, choice});
        const Recovered found = Storage(disk, config()).take_recovered();
        EXPECT_TRUE(is_some_prefix(found, state, 0, more)) << choice;
    }
}

TEST(TornWrite, LossOfAConfirmedSectorIsCorruption) {
    const Cut cut = make_cut();
    std::string bytes = cut.bytes;
    std::fill(bytes.begin() + 88, bytes.begin() + static_cast<std::ptrdiff_t>(cut.confirmed), '\0');
    MemoryDisk disk;
    (void)disk.open(cut.name, true);
    disk.set_contents(cut.name, bytes);

    EXPECT_THROW(Storage(disk, config()), Corruption);
}

TEST(TornWrite, EveryCutOfTheWholeSegmentStartsOrIsRefused) {
    const Cut cut = make_cut();

    for (std::size_t at = 0; at < cut.bytes.size(); ++at) {
        MemoryDisk disk;
        (void)disk.open(cut.name, true);
        disk.set_contents(cut.name, cut.bytes.substr(0, at));
        try {
            const Storage storage(disk, config());
        } catch (const Corruption&) {
        }
    }
}

}  // namespace
}  // namespace squall::raft::storage
