#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "raft/storage/memory_disk.hpp"
#include "raft/storage/posix_disk.hpp"
#include "raft/storage/storage.hpp"
#include "tests/raft/storage/model.hpp"

namespace squall::raft::storage {
namespace {

class TemporaryDirectory {
  public:
    TemporaryDirectory() {
        std::string name = (std::filesystem::temp_directory_path() / "squall-disk-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }

    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] std::string operator/(const std::string& name) const {
        return (path_ / name).string();
    }

  private:
    std::filesystem::path path_;
};

/// What storage relies on, on any disk.
void expect_files_behave(Disk& disk) {
    const std::unique_ptr<File> file = disk.open("b", true);
    file->write(0, "hello");
    file->write(10, "world");
    file->allocate(20);
    file->sync_data();
    EXPECT_EQ(file->size(), 20U);
    EXPECT_EQ(file->read(3, 9), std::string("lo\0\0\0\0\0wo", 9));
    EXPECT_EQ(file->read(12, 100), std::string("rld\0\0\0\0\0", 8));
    EXPECT_EQ(file->read(20, 1), "");

    (void)disk.open("a", true);
    disk.rename("b", "c");
    disk.sync_directory();
    std::vector<std::string> names = disk.list();
    std::erase(names, "lock");
    EXPECT_EQ(names, (std::vector<std::string>{"a", "c"}));
    EXPECT_EQ(disk.open("c", false)->read(0, 5), "hello");

    disk.rename("c", "a");
    EXPECT_EQ(disk.open("a", false)->read(0, 5), "hello");
    EXPECT_EQ(disk.open("a", true)->size(), 0U);
    disk.remove("a");
    EXPECT_THROW((void)disk.open("a", false), DiskError);
    EXPECT_THROW(disk.remove("a"), DiskError);
}

TEST(MemoryDisk, BehavesLikeADisk) {
    MemoryDisk disk;
    expect_files_behave(disk);
}

TEST(PosixDisk, BehavesLikeADisk) {
    const TemporaryDirectory temporary;
    PosixDisk disk(temporary / "data");
    expect_files_behave(disk);
}

TEST(PosixDisk, TwoNodesCannotShareADirectory) {
    const TemporaryDirectory temporary;
    auto first = std::make_unique<PosixDisk>(temporary / "data");

    try {
        const PosixDisk second(temporary / "data");
        FAIL();
    } catch (const DiskError& error) {
        EXPECT_EQ(error.what(), temporary / "data: another process uses this directory");
    }
    first.reset();
    EXPECT_NO_THROW(PosixDisk(temporary / "data"));
}

TEST(PosixDisk, ErrorsNameFileAndReason) {
    const TemporaryDirectory temporary;
    PosixDisk disk(temporary / "data");

    try {
        (void)disk.open("missing", false);
        FAIL();
    } catch (const DiskError& error) {
        EXPECT_EQ(error.what(), "open " + temporary / "data/missing: No such file or directory");
    }
}

TEST(PosixDisk, StorageRecovers) {
    const TemporaryDirectory temporary;
    Recovered expected;
    StorageConfig config;
    config.node = 1;
    config.segment_bytes = 4096;
    {
        PosixDisk disk(temporary / "data");
        Storage storage(disk, config);
        for (Index index = 1; index <= 100; ++index) {
            std::vector<Persist> batch{appended(entries(1, index, 1, std::string(300, 'x')))};
            if (index % 30 == 0) {
                batch.push_back(snapshot_taken(snapshot(1, index, "s"), index));
            }
            storage.write(batch);
            for (const Persist& persist : batch) {
                apply(expected, persist);
            }
        }
        EXPECT_LT(storage.segments(), 9U);
    }

    PosixDisk disk(temporary / "data");

    EXPECT_TRUE(same(Storage(disk, config).take_recovered(), expected, 90));
}

// ---- the crash model of MemoryDisk

constexpr CrashPolicy drop{CrashPolicy::Unsynced::drop, 0};

TEST(MemoryDisk, PowerLossTakesWhatWasNotSynced) {
    MemoryDisk disk;
    {
        const auto file = disk.open("a", true);
        file->write(0, "synced");
        file->sync_data();
        disk.sync_directory();
        file->write(3, "XXXXXX");
        (void)disk.open("b", true);
        disk.rename("a", "c");
    }

    disk.crash(drop);

    EXPECT_EQ(disk.list(), std::vector<std::string>{"a"});
    EXPECT_EQ(disk.contents("a"), "synced");
}

TEST(MemoryDisk, KilledProcessLosesNothingButPowerLossAfterItDoes) {
    MemoryDisk disk;
    disk.open("a", true)->write(0, "x");

    disk.crash({CrashPolicy::Unsynced::keep, 0});
    EXPECT_EQ(disk.contents("a"), "x");

    disk.crash(drop);
    EXPECT_TRUE(disk.list().empty());
}

TEST(MemoryDisk, TornWriteKeepsEachPossiblePrefix) {
    std::vector<bool> seen(7);
    for (std::uint64_t choice = 0; choice < 200; ++choice) {
        MemoryDisk disk;
        {
            const auto file = disk.open("a", true);
            file->write(0, "......");
            file->sync_data();
            disk.sync_directory();
            file->write(0, "abc");
            file->write(3, "def");
        }
        disk.crash({CrashPolicy::Unsynced::prefix, choice});
        const std::string found = disk.contents("a");
        std::size_t kept = 0;
        while (kept < 6 && found[kept] == "abcdef"[kept]) {
            ++kept;
        }
        EXPECT_EQ(found, std::string("abcdef").substr(0, kept) + std::string(6 - kept, '.'));
        seen[kept] = true;
    }

    EXPECT_EQ(seen, std::vector<bool>(7, true));
}

TEST(MemoryDisk, ScatteredLossTakesAnySectors) {
    std::vector<std::string> seen;
    for (std::uint64_t choice = 0; choice < 100; ++choice) {
        MemoryDisk disk;
        {
            const auto file = disk.open("a", true);
            file->allocate(1024);
            file->sync_data();
            disk.sync_directory();
            file->write(0, std::string(1024, 'x'));
        }
        disk.crash({CrashPolicy::Unsynced::scatter, choice});
        const std::string found = disk.contents("a");
        seen.push_back({found[0], found[511], found[512], found[1023]});
    }
    std::sort(seen.begin(), seen.end());
    seen.erase(std::unique(seen.begin(), seen.end()), seen.end());

    const std::string lost(2, '\0');
    EXPECT_EQ(seen, (std::vector<std::string>{lost + lost, lost + "xx", "xx" + lost, "xxxx"}));
}

TEST(MemoryDisk, ScatteredLossOfDirectoryChangesKeepsWhatDependsTogether) {
    std::vector<std::vector<std::string>> seen;
    for (std::uint64_t choice = 0; choice < 100; ++choice) {
        MemoryDisk disk;
        (void)disk.open("a", true);
        disk.sync_directory();
        (void)disk.open("t", true);
        disk.rename("t", "b");
        disk.remove("a");
        disk.crash({CrashPolicy::Unsynced::scatter, choice});
        seen.push_back(disk.list());
    }
    std::sort(seen.begin(), seen.end());
    seen.erase(std::unique(seen.begin(), seen.end()), seen.end());

    EXPECT_EQ(
        seen,
        (std::vector<std::vector<std::string>>{{}, {"a"}, {"a", "b"}, {"a", "t"}, {"b"}, {"t"}}));
}

TEST(MemoryDisk, FailsWhenTold) {
    MemoryDisk disk;
    const auto file = disk.open("a", true);

    disk.fail_after(1);
    file->write(0, "x");

    EXPECT_THROW(file->sync_data(), DiskError);
    EXPECT_THROW(file->write(0, "y"), DiskError);
}

}  // namespace
}  // namespace squall::raft::storage
