#include "raft/storage/storage.hpp"

#include <algorithm>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "raft/storage/memory_disk.hpp"
#include "raft/storage/recovery.hpp"
#include "raft/storage/segment.hpp"
#include "tests/raft/storage/model.hpp"

namespace squall::raft::storage {
namespace {

constexpr CrashPolicy power_loss{CrashPolicy::Unsynced::drop, 0};

StorageConfig config() {
    StorageConfig made;
    made.node = 1;
    made.cluster = 7;
    made.segment_bytes = 4096;
    made.salt_seed = 42;
    return made;
}

Recovered reopened(Disk& disk) {
    return Storage(disk, config()).take_recovered();
}

void write(Storage& storage, const Persist& persist) {
    storage.write(std::span(&persist, 1));
}

std::size_t files(MemoryDisk& disk, std::string_view prefix) {
    const std::vector<std::string> names = disk.list();
    return static_cast<std::size_t>(std::count_if(
        names.begin(), names.end(), [&](const auto& name) { return name.starts_with(prefix); }));
}

TEST(Storage, FreshDiskHoldsNothing) {
    MemoryDisk disk;

    EXPECT_TRUE(same(reopened(disk), Recovered{}));
    EXPECT_TRUE(same(reopened(disk), Recovered{}));
}

TEST(Storage, RecoversWhatWasWritten) {
    MemoryDisk disk;
    Recovered expected;
    {
        Storage storage(disk, config());
        const std::vector<Persist> batch{voted(3, 2), appended(entries(3, 1, 5, "x"))};
        storage.write(batch);
        apply(expected, batch[0]);
        apply(expected, batch[1]);
    }
    disk.crash(power_loss);

    EXPECT_TRUE(same(reopened(disk), expected));
}

TEST(Storage, TruncationReplacesTheSuffix) {
    MemoryDisk disk;
    {
        Storage storage(disk, config());
        write(storage, appended(entries(1, 1, 5, "old")));
        Persist replaced = appended(entries(2, 3, 1, "new"));
        replaced.truncate_from = 3;
        write(storage, replaced);
    }

    const Recovered recovered = reopened(disk);

    ASSERT_EQ(recovered.entries.size(), 3U);
    EXPECT_EQ(recovered.entries.back().data, "new3");
}

TEST(Storage, BatchCostsOneWriteAndOneSync) {
    MemoryDisk disk;
    Storage storage(disk, config());
    const std::vector<Persist> batch{voted(1, 1), appended(entries(1, 1, 9, "x")), voted(2, 0)};

    disk.fail_after(2);
    storage.write(batch);

    EXPECT_THROW(storage.write(batch), DiskError);
}

TEST(Storage, RecordLargerThanASegmentGetsOneOfItsOwn) {
    MemoryDisk disk;
    Recovered expected;
    {
        Storage storage(disk, config());
        const Persist persist = appended(entries(1, 1, 1, std::string(20000, 'x')));
        write(storage, persist);
        apply(expected, persist);
    }

    EXPECT_TRUE(same(reopened(disk), expected));
}

TEST(Storage, SnapshotAndCompactionDeleteSegmentsAndTheOlderSnapshot) {
    MemoryDisk disk;
    Storage storage(disk, config());
    for (Index index = 1; index <= 100; ++index) {
        write(storage, appended(entries(1, index, 1, std::string(200, 'x'))));
    }
    ASSERT_GT(storage.segments(), 5U);

    write(storage, snapshot_taken(snapshot(1, 50, "first"), 50));
    write(storage, snapshot_taken(snapshot(1, 100, "second"), 100));

    EXPECT_LE(storage.segments(), 2U);
    EXPECT_EQ(files(disk, "wal-"), storage.segments());
    EXPECT_EQ(files(disk, "snap-"), 1U);
}

TEST(Storage, HardStateSurvivesTheSegmentThatHeldIt) {
    MemoryDisk disk;
    {
        Storage storage(disk, config());
        write(storage, voted(5, 3));
        for (Index index = 1; index <= 100; ++index) {
            write(storage, appended(entries(5, index, 1, std::string(200, 'x'))));
        }
        write(storage, snapshot_taken(snapshot(5, 100, "s"), 100));
    }
    disk.crash(power_loss);

    EXPECT_EQ(reopened(disk).hard_state, (HardState{5, 3}));
}

TEST(Storage, KeepsTheEntriesBehindASnapshotThatAreNotCompacted) {
    MemoryDisk disk;
    {
        Storage storage(disk, config());
        write(storage, appended(entries(1, 1, 10, "x")));
        write(storage, snapshot_taken(snapshot(1, 8, "s"), 4));
        write(storage, appended(entries(1, 11, 1, "x")));
    }

    const Recovered recovered = reopened(disk);

    EXPECT_LE(recovered.entries.front().index, 5U);
    EXPECT_EQ(recovered.entries.back().index, 11U);
    EXPECT_EQ(recovered.snapshot->last, (LogId{1, 8}));
}

TEST(Storage, ReceivedSnapshotReplacesTheLog) {
    MemoryDisk disk;
    {
        Storage storage(disk, config());
        write(storage, appended(entries(1, 1, 10, "x")));
        Persist persist = snapshot_received(snapshot(3, 8, "s"));
        persist.hard_state = HardState{3, 0};
        persist.append = entries(3, 9, 1, "y");
        write(storage, persist);
    }

    const Recovered recovered = reopened(disk);

    EXPECT_EQ(recovered.entries, entries(3, 9, 1, "y"));
    EXPECT_EQ(*recovered.snapshot->data, "s");
}

TEST(Storage, ReceivedSnapshotFreesEvenALogThatReachedBeyondIt) {
    MemoryDisk disk;
    Storage storage(disk, config());
    for (Index index = 1; index <= 100; ++index) {
        write(storage, appended(entries(1, index, 1, std::string(200, 'x'))));
    }

    write(storage, snapshot_received(snapshot(3, 50, "s")));

    EXPECT_EQ(storage.segments(), 1U);
}

TEST(Storage, SnapshotWithoutItsRecordNeverHappened) {
    MemoryDisk disk;
    {
        Storage storage(disk, config());
        write(storage, appended(entries(1, 1, 10, "x")));
        // Creation, write, sync, rename and directory sync of the snapshot, then nothing.
        disk.fail_after(5);
        EXPECT_THROW(write(storage, snapshot_taken(snapshot(1, 8, "s"), 8)), DiskError);
    }
    disk.crash(power_loss);

    const Recovered recovered = reopened(disk);

    EXPECT_FALSE(recovered.snapshot);
    EXPECT_EQ(recovered.entries.size(), 10U);
    EXPECT_EQ(files(disk, "snap-"), 0U);
}

TEST(Storage, LeftoverTemporaryFilesAreRemoved) {
    MemoryDisk disk;
    (void)disk.open("snap-0000000000000001-0000000000000001.tmp", true);

    (void)reopened(disk);

    EXPECT_EQ(files(disk, "snap-"), 0U);
}

TEST(Storage, WhatAKilledProcessLeftInThePageCacheIsDurableAfterRecovery) {
    MemoryDisk disk;
    {
        Storage storage(disk, config());
        disk.fail_after(1);
        EXPECT_THROW(write(storage, voted(4, 1)), DiskError);
    }
    disk.crash({CrashPolicy::Unsynced::keep, 0});

    const HardState recovered = reopened(disk).hard_state;
    disk.crash(power_loss);

    EXPECT_EQ(recovered, (HardState{4, 1}));
    EXPECT_EQ(reopened(disk).hard_state, recovered);
}

TEST(Storage, RestartsDoNotPileUpSegments) {
    MemoryDisk disk;
    for (Term term = 1; term <= 20; ++term) {
        Storage storage(disk, config());
        write(storage, voted(term, 1));
    }

    EXPECT_EQ(files(disk, "wal-"), 1U);
}

TEST(Storage, BugTermNotPersistedRecoversTheLastEntrysTermAndNoVote) {
    if (!zoo::Bugs::compiled_in) {
        GTEST_SKIP();
    }
    MemoryDisk disk;
    {
        Storage storage(disk, config());
        write(storage, appended(entries(2, 1, 3, "x")));
        write(storage, voted(6, 3));
    }
    StorageConfig buggy = config();
    buggy.bugs.enable(zoo::Bug::term_not_persisted);

    EXPECT_EQ(Storage(disk, buggy).take_recovered().hard_state, (HardState{2, 0}));
    EXPECT_EQ(reopened(disk).hard_state, (HardState{6, 3}));
}

// ---- corruption

void copy(MemoryDisk& from, MemoryDisk& to) {
    for (const std::string& name : from.list()) {
        (void)to.open(name, true);
        to.set_contents(name, from.contents(name));
    }
}

std::string problem(MemoryDisk& disk, const StorageConfig& with = config()) {
    try {
        (void)Storage(disk, with).take_recovered();
    } catch (const Corruption& corruption) {
        return corruption.what();
    }
    return {};
}

/// Three segments or more, a snapshot, entries behind it.
void fill(MemoryDisk& disk) {
    Storage storage(disk, config());
    for (Index index = 1; index <= 60; ++index) {
        write(storage, appended(entries(1, index, 1, std::string(150, 'x'))));
        if (index == 10) {
            write(storage, snapshot_taken(snapshot(1, 10, "s"), 1));
        }
    }
    ASSERT_GE(storage.segments(), 3U);
}

TEST(Corruption, NodeOfAnotherClusterIsRefused) {
    MemoryDisk disk;
    fill(disk);
    StorageConfig other = config();
    other.node = 2;

    EXPECT_EQ(problem(disk, other),
              "wal-0000000000000001 at offset 0: belongs to node 1 of cluster 7, not to node 2 of "
              "cluster 7");
}

/// Starts on a log with the right checksums that holds one record.
template <typename Add>
std::string refusal_of(Add add) {
    MemoryDisk disk;
    BatchWriter writer(5, 1);
    add(writer);
    (void)disk.open(segment_name(1), true);
    disk.set_contents(segment_name(1),
                      encode(SegmentHeader{.node = 1, .cluster = 7, .sequence = 1, .salt = 5}) +
                          std::move(writer).finish());
    try {
        (void)reopened(disk);
    } catch (const Corruption& corruption) {
        return corruption.what();
    }
    return "";
}

TEST(Corruption, IndicesThatNoLogReachesAreRefused) {
    constexpr Index far = std::numeric_limits<Index>::max();
    const auto entry = [](Index index) {
        return refusal_of([&](BatchWriter& writer) {
            writer.add(Entry{1, index, EntryKind::noop, ""});
        });
    };

    EXPECT_EQ(entry(1), "");
    EXPECT_NE(entry(0).find("no log has an entry 0"), std::string::npos) << entry(0);
    EXPECT_NE(entry(far).find("no log has an entry"), std::string::npos) << entry(far);
    EXPECT_NE(refusal_of([&](BatchWriter& writer) {
                  writer.add(SnapshotMarker{{1, far}, false});
              }).find("no snapshot ends at"),
              std::string::npos);
}

TEST(Corruption, MissingSegmentIsNamed) {
    MemoryDisk disk;
    fill(disk);

    disk.remove("wal-0000000000000002");

    EXPECT_EQ(problem(disk), "wal-0000000000000002: missing");
}

TEST(Corruption, MissingFirstSegmentIsAGap) {
    MemoryDisk disk;
    fill(disk);

    disk.remove("wal-0000000000000001");

    EXPECT_NE(problem(disk).find("but the snapshot ends at 10"), std::string::npos);
}

TEST(Corruption, OnlySegmentWithoutAHeaderIsRefusedUnlessItIsTheFirst) {
    MemoryDisk first;
    { Storage storage(first, config()); }
    first.set_contents("wal-0000000000000001", std::string(40, '\0'));
    EXPECT_EQ(problem(first), "");

    // Votes alone: the segments before are gone, and no snapshot tells that there was something.
    MemoryDisk later;
    {
        Storage storage(later, config());
        for (Term term = 1; term < 500; ++term) {
            write(storage, voted(term, 2));
        }
    }
    ASSERT_EQ(later.list().size(), 1U);
    const std::string name = later.list().front();
    ASSERT_NE(name, "wal-0000000000000001");
    later.set_contents(name, "");
    EXPECT_EQ(problem(later), name + " at offset 0: damaged header");
}

TEST(Corruption, MissingSnapshotIsNamed) {
    MemoryDisk disk;
    fill(disk);

    disk.remove("snap-0000000000000001-000000000000000a");

    EXPECT_EQ(problem(disk),
              "snap-0000000000000001-000000000000000a: the log names this snapshot, but it is "
              "missing");
}

TEST(Corruption, SnapshotsWithoutALogAreRefused) {
    MemoryDisk disk;
    fill(disk);

    for (const std::string& name : disk.list()) {
        if (name.starts_with("wal-")) {
            disk.remove(name);
        }
    }

    EXPECT_NE(problem(disk).find("the log is missing"), std::string::npos);
}

TEST(Corruption, EarlierSegmentMayNotEndEarly) {
    MemoryDisk disk;
    fill(disk);
    const std::string name = "wal-0000000000000001";

    disk.set_contents(name, disk.contents(name).substr(0, 1000));

    EXPECT_NE(problem(disk).find(name + " at offset 1000: shorter"), std::string::npos);
}

TEST(Corruption, SegmentsOfAnotherDiskAreNotRead) {
    MemoryDisk disk;
    fill(disk);
    MemoryDisk other;
    StorageConfig salted = config();
    salted.salt_seed = 43;
    {
        Storage storage(other, salted);
        write(storage, appended(entries(1, 1, 10, std::string(150, 'x'))));
    }
    // The header is intact, the records are those of the other disk.
    const std::string name = "wal-0000000000000001";
    const std::string foreign = other.contents(name);
    std::string mixed = disk.contents(name);

    mixed.replace(88, mixed.size() - 88, foreign, 88, mixed.size() - 88);
    disk.set_contents(name, mixed);

    EXPECT_EQ(problem(disk), name + " at offset 88: damaged record");
}

TEST(Corruption, AnyFlippedBitIsNoticedOrWithoutEffect) {
    MemoryDisk pristine;
    fill(pristine);
    const Recovered expected = reopened(pristine);
    std::size_t noticed = 0;

    for (const std::string& name : pristine.list()) {
        std::string bytes = pristine.contents(name);
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            MemoryDisk disk;
            copy(pristine, disk);
            std::string damaged = bytes;
            damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
            disk.set_contents(name, damaged);
            try {
                ASSERT_TRUE(same(reopened(disk), expected)) << name << " at " << at;
            } catch (const Corruption&) {
                ++noticed;
            }
        }
    }

    EXPECT_GT(noticed, 10000U);
}

}  // namespace
}  // namespace squall::raft::storage
