#include "harness/sim/virtual_disk.hpp"

#include <chrono>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace squall::harness::sim {
namespace {

using raft::storage::DiskError;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Crash = VirtualDisk::Crash;
using Kind = DiskCall::Kind;

/// A synced file "a" that says "old".
void prepare(VirtualDisk& disk) {
    disk.begin({});
    const auto file = disk.open("a", true);
    file->write(0, "old");
    file->sync_data();
    disk.sync_directory();
}

void overwrite_and_sync(VirtualDisk& disk) {
    const auto file = disk.open("a", false);
    file->write(0, "new");
    file->sync_data();
}

std::string content(VirtualDisk& disk) {
    return disk.open("a", false)->read(0, 10);
}

TEST(VirtualDisk, CallsComeOneAfterTheOtherAndTakeTheirTime) {
    VirtualDisk disk(1, 1);
    prepare(disk);

    ASSERT_EQ(disk.calls().size(), 4U);
    Time at{};
    for (const DiskCall& call : disk.calls()) {
        EXPECT_EQ(call.start, at);
        EXPECT_GT(call.end, call.start);
        at = call.end;
    }
    EXPECT_EQ(disk.calls()[2].kind, Kind::sync);
    EXPECT_GE(disk.calls()[2].took, microseconds(100));
    EXPECT_EQ(disk.idle_at(), at);
}

TEST(VirtualDisk, ADeadProcessHasMadeTheCallsThatHadBegun) {
    VirtualDisk disk(1, 1);
    prepare(disk);
    disk.begin(seconds(1));
    overwrite_and_sync(disk);
    VirtualDisk early(1, 1);
    prepare(early);
    early.begin(seconds(1));
    overwrite_and_sync(early);

    disk.crash(disk.calls()[1].start, Crash::process);
    early.crash(seconds(1), Crash::process);

    EXPECT_EQ(content(disk), "new");
    EXPECT_EQ(content(early), "old");
}

TEST(VirtualDisk, PowerLossTakesOrTearsWhatNoSyncHadConfirmed) {
    std::set<std::string> seen;
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        VirtualDisk disk(seed, 1);
        prepare(disk);
        disk.begin(seconds(1));
        overwrite_and_sync(disk);
        disk.crash(disk.calls()[1].end - microseconds(1), Crash::power);
        seen.insert(content(disk));
    }

    EXPECT_EQ(seen, (std::set<std::string>{"old", "nld", "ned", "new"}));
}

TEST(VirtualDisk, PowerLossLeavesWhatASyncHasConfirmed) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        VirtualDisk disk(seed, 1);
        prepare(disk);
        disk.begin(seconds(1));
        overwrite_and_sync(disk);
        disk.crash(disk.idle_at(), Crash::power);
        EXPECT_EQ(content(disk), "new");
        EXPECT_EQ(disk.counters().bytes_lost, 0);
    }
}

TEST(VirtualDisk, PowerLossTakesRenamesThatNoDirectorySyncConfirmed) {
    std::set<bool> renamed;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        VirtualDisk disk(seed, 1);
        prepare(disk);
        disk.begin(seconds(1));
        disk.rename("a", "b");
        disk.sync_directory();
        disk.crash(disk.calls()[1].end - microseconds(1), Crash::power);
        renamed.insert(disk.list().front() == "b");
    }

    EXPECT_EQ(renamed.size(), 2U);
}

TEST(VirtualDisk, ASlowSyncTakesLonger) {
    VirtualDisk disk(1, 1);
    prepare(disk);
    disk.set_rule({}, {.sync_delay = milliseconds(50)});
    disk.begin(seconds(1));
    overwrite_and_sync(disk);

    EXPECT_GE(disk.idle_at(), seconds(1) + milliseconds(50));
    EXPECT_EQ(disk.counters().syncs_delayed, 1);
}

TEST(VirtualDisk, AStuckSyncEndsSoonAfterItIsReleased) {
    VirtualDisk disk(1, 1);
    prepare(disk);
    disk.set_rule({}, {.stuck = true});
    disk.begin(seconds(1));
    overwrite_and_sync(disk);
    EXPECT_EQ(disk.idle_at(), Time::max());

    disk.set_rule(seconds(3), {});

    EXPECT_GT(disk.idle_at(), seconds(3));
    EXPECT_LT(disk.idle_at(), seconds(3) + milliseconds(3));
    EXPECT_EQ(disk.counters().syncs_stuck, 1);
}

TEST(VirtualDisk, WhatWasStuckIsNotDurable) {
    VirtualDisk disk(1, 1);
    prepare(disk);
    disk.set_rule({}, {.stuck = true});
    std::set<std::string> seen;
    for (int i = 0; i < 20; ++i) {
        disk.begin(seconds(1));
        overwrite_and_sync(disk);
        disk.crash(seconds(100), Crash::power);
        seen.insert(content(disk));
    }

    EXPECT_TRUE(seen.contains("old"));
}

TEST(VirtualDisk, WhatAFailedSyncLeftInThePageCacheNoLaterSyncWrites) {
    int kept_in_cache = 0;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        VirtualDisk disk(seed, 1);
        prepare(disk);
        disk.set_rule({}, {.sync_error = 1});
        disk.begin(seconds(1));
        EXPECT_THROW(overwrite_and_sync(disk), DiskError);
        disk.crash(disk.idle_at(), Crash::process);
        disk.set_rule(seconds(2), {});
        kept_in_cache += content(disk) == "new" ? 1 : 0;
        disk.begin(seconds(2));
        disk.open("a", false)->sync_data();
        disk.crash(disk.idle_at(), Crash::power);
        EXPECT_EQ(content(disk), "old");
    }

    EXPECT_GT(kept_in_cache, 5);
    EXPECT_LT(kept_in_cache, 45);
}

TEST(VirtualDisk, WritingAgainRepairsWhatAFailedSyncLeft) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        VirtualDisk disk(seed, 1);
        prepare(disk);
        disk.set_rule({}, {.sync_error = 1});
        disk.begin(seconds(1));
        EXPECT_THROW(overwrite_and_sync(disk), DiskError);
        disk.crash(disk.idle_at(), Crash::process);
        disk.set_rule(seconds(2), {});
        disk.begin(seconds(2));
        overwrite_and_sync(disk);
        disk.crash(disk.idle_at(), Crash::power);
        EXPECT_EQ(content(disk), "new");
    }
}

TEST(VirtualDisk, AFullDiskRefusesWhatNeedsRoomOnly) {
    VirtualDisk disk(1, 1);
    prepare(disk);
    disk.set_rule({}, {.full = true});
    disk.begin(seconds(1));

    EXPECT_NO_THROW(overwrite_and_sync(disk));
    EXPECT_THROW(static_cast<void>(disk.open("b", true)), DiskError);
    EXPECT_THROW(disk.open("a", false)->write(0, "longer"), DiskError);
    EXPECT_EQ(disk.counters().refusals_for_room, 2);
}

TEST(VirtualDisk, AWriteThatFailsHasNotHappened) {
    VirtualDisk disk(1, 1);
    prepare(disk);
    disk.set_rule({}, {.write_error = 1});
    disk.begin(seconds(1));

    EXPECT_THROW(overwrite_and_sync(disk), DiskError);
    EXPECT_EQ(content(disk), "old");
    EXPECT_EQ(disk.counters().write_errors, 1);
}

TEST(VirtualDisk, OneBitIsFlipped) {
    VirtualDisk disk(1, 1);
    disk.flip_a_bit();
    EXPECT_FALSE(disk.rotten());
    prepare(disk);

    disk.flip_a_bit();

    EXPECT_TRUE(disk.rotten());
    const std::string found = content(disk);
    int bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        bits += __builtin_popcount(static_cast<unsigned>(found[i] ^ "old"[i]));
    }
    EXPECT_EQ(bits, 1);
}

/// Any script of calls: a crash of the process at any time leaves exactly what the calls that had
/// begun would have left by themselves.
RC_GTEST_PROP(VirtualDisk, CrashLeavesAPrefixOfTheCalls, (std::uint64_t seed)) {
    const auto run = [](VirtualDisk& disk, const std::vector<int>& script, std::size_t calls) {
        const auto file = disk.open("a", false);
        for (std::size_t i = 0; i < script.size() && disk.calls().size() < calls; ++i) {
            const int step = script[i];
            switch (step % 5) {
                case 0:
                    file->write(static_cast<std::uint64_t>(step % 17), std::string(4, 'x'));
                    break;
                case 1:
                    file->sync_data();
                    break;
                case 2:
                    file->allocate(file->size() + 1);
                    break;
                case 3:
                    disk.sync_directory();
                    break;
                default:
                    disk.open("b", true)->write(0, std::to_string(step));
            }
        }
    };
    const auto image = [](VirtualDisk& disk) {
        std::string all;
        for (const std::string& name : disk.list()) {
            all += name + "=" + disk.open(name, false)->read(0, 1000) + ";";
        }
        return all;
    };
    const auto script = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 100));
    VirtualDisk whole(seed, 1);
    prepare(whole);
    whole.begin(seconds(1));
    run(whole, script, 1000);
    const std::size_t kept = *rc::gen::inRange<std::size_t>(0, whole.calls().size() + 1);
    const Time at = kept < whole.calls().size() ? whole.calls()[kept].start : whole.idle_at();
    whole.crash(at, Crash::process);

    VirtualDisk part(seed, 1);
    prepare(part);
    part.begin(seconds(1));
    run(part, script, kept);
    // One step of the script may be two calls.
    if (part.calls().size() > kept) {
        part.crash(part.calls()[kept].start, Crash::process);
    }
    const std::string left = image(whole);
    const std::string expected = image(part);
    RC_ASSERT(left == expected);
}

}  // namespace
}  // namespace squall::harness::sim
