// A crash between any two calls to the disk, one by one: in each batch of a life that has all kinds
// of writes in it, and in the recovery after it, under every kind of loss. What was confirmed is
// there, of the rest some first part, and of snapshots just the current one.
#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "raft/storage/memory_disk.hpp"
#include "raft/storage/storage.hpp"
#include "tests/raft/storage/model.hpp"

namespace squall::raft::storage {
namespace {

using Batch = std::vector<Persist>;

StorageConfig config() {
    StorageConfig made;
    made.node = 1;
    made.segment_bytes = 4096;
    return made;
}

Persist replaced(Term term, Index from, std::size_t count) {
    Persist persist = appended(entries(term, from, count, "again"));
    persist.truncate_from = from;
    return persist;
}

/// Segments end, suffixes are replaced, snapshots are taken and received, together and alone.
std::vector<Batch> life() {
    Persist behind = snapshot_received(snapshot(5, 40, std::string(900, 'r')));
    behind.hard_state = HardState{5, no_node};
    behind.append = entries(5, 41, 2, "behind");
    return {{voted(1, 1), appended(entries(1, 1, 3, "first"))},
            {appended(entries(1, 4, 2, std::string(1500, 'x')))},
            {voted(2, 2), replaced(2, 4, 3)},
            {appended(entries(2, 7, 3, std::string(1200, 'y')))},
            {snapshot_taken(snapshot(2, 6, "taken"), 5)},
            {appended(entries(2, 10, 2, "more")), voted(3, 3)},
            {snapshot_taken(snapshot(2, 9, std::string(600, 's')), 9), replaced(3, 11, 1)},
            {appended(entries(3, 12, 1, std::string(5000, 'z')))},
            {behind},
            {replaced(5, 42, 2), snapshot_taken(snapshot(5, 41, "last"), 41)}};
}

/// Every way to lose what was not synced; of those that choose, some choices.
std::vector<CrashPolicy> losses() {
    std::vector<CrashPolicy> all{{CrashPolicy::Unsynced::keep, 0},
                                 {CrashPolicy::Unsynced::keep, 1},
                                 {CrashPolicy::Unsynced::drop, 0}};
    for (std::uint64_t choice = 1; choice <= 4; ++choice) {
        all.push_back({CrashPolicy::Unsynced::prefix, choice * 0x9e3779b97f4a7c15U});
        all.push_back({CrashPolicy::Unsynced::scatter, choice * 0x9e3779b97f4a7c15U});
    }
    return all;
}

struct Lived {
    Recovered state;
    Index compacted = 0;

    void add(const Batch& batch) {
        for (const Persist& persist : batch) {
            apply(state, persist);
            compacted = std::max(compacted, persist.compact_to.value_or(0));
        }
    }
};

/// False: the disk failed before it was done.
bool write(Storage& storage, const Batch& batch) {
    try {
        storage.write(batch);
        return true;
    } catch (const DiskError&) {
        return false;
    }
}

Lived live(MemoryDisk& disk, std::span<const Batch> batches) {
    Lived lived;
    Storage storage(disk, config());
    for (const Batch& batch : batches) {
        storage.write(batch);
        lived.add(batch);
    }
    return lived;
}

void expect_only_the_current_snapshot(MemoryDisk& disk, const Recovered& found) {
    std::size_t snapshots = 0;
    for (const std::string& name : disk.list()) {
        EXPECT_FALSE(name.ends_with(".tmp")) << name;
        snapshots += name.starts_with("snap-") ? 1U : 0U;
    }
    EXPECT_EQ(snapshots, found.snapshot ? 1U : 0U);
}

/// The crash comes after so many calls of the batch. False: the batch has no more calls.
bool crash_after(const std::vector<Batch>& batches,
                 std::size_t position,
                 std::uint64_t calls,
                 const CrashPolicy& loss) {
    MemoryDisk disk;
    const Lived before = live(disk, std::span(batches).first(position));
    bool confirmed = false;
    {
        Storage storage(disk, config());
        disk.fail_after(calls);
        confirmed = write(storage, batches[position]);
    }
    disk.crash(loss);
    Lived after = before;
    after.add(batches[position]);
    Recovered found;
    {
        Storage storage(disk, config());
        found = storage.take_recovered();
        EXPECT_TRUE(confirmed
                        ? same(found, after.state, after.compacted)
                        : is_some_prefix(found, before.state, after.compacted, batches[position]))
            << "batch " << position << ", " << calls << " calls";
        expect_only_the_current_snapshot(disk, found);
        // Life goes on, and that lasts.
        const Persist more = voted(9, 1);
        storage.write(std::span(&more, 1));
        apply(found, more);
    }
    disk.crash({CrashPolicy::Unsynced::drop, 0});
    EXPECT_TRUE(same(Storage(disk, config()).take_recovered(), found, after.compacted))
        << "batch " << position << ", " << calls << " calls";
    return !confirmed;
}

TEST(StorageEveryCall, ACrashBetweenAnyTwoCallsOfAnyBatchLosesNothingConfirmed) {
    const std::vector<Batch> batches = life();
    std::uint64_t crashes = 0;
    for (std::size_t position = 0; position < batches.size(); ++position) {
        for (const CrashPolicy& loss : losses()) {
            std::uint64_t calls = 0;
            while (crash_after(batches, position, calls, loss)) {
                ++calls;
                ++crashes;
            }
            EXPECT_GE(calls, 2U) << "a batch is at least a write and a sync";
        }
    }
    RecordProperty("crashes", static_cast<int>(crashes));
    EXPECT_GT(crashes, 400U);
}

TEST(StorageEveryCall, ACrashBetweenAnyTwoCallsOfARecoveryLosesNothing) {
    const std::vector<Batch> batches = life();
    for (std::size_t position = 1; position <= batches.size(); ++position) {
        for (const CrashPolicy& loss : losses()) {
            bool failed = true;
            for (std::uint64_t calls = 0; failed; ++calls) {
                MemoryDisk disk;
                const Lived lived = live(disk, std::span(batches).first(position));
                disk.fail_after(calls);
                try {
                    const Storage storage(disk, config());
                    failed = false;
                } catch (const DiskError&) {
                }
                disk.crash(loss);
                Storage storage(disk, config());
                const Recovered found = storage.take_recovered();
                EXPECT_TRUE(same(found, lived.state, lived.compacted))
                    << "after " << position << " batches, " << calls << " calls";
                expect_only_the_current_snapshot(disk, found);
            }
        }
    }
}

}  // namespace
}  // namespace squall::raft::storage
