// A disk in memory that outlives the Storage objects on it: for tests and the simulator. It knows
// what has been synced, file by file and for the directory, so that a crash can lose the rest.
// Deterministic; holds no more than the files themselves plus what was overwritten since their last
// sync. Every File must be gone before `crash`.
//
// For a driver with a clock of its own it can also go back: what was called since `mark` can be
// taken back call by call, syncs included, so that a crash may come between any two calls.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "raft/storage/disk.hpp"
#include "raft/storage/memory_inode.hpp"

namespace squall::raft::storage {

/// What becomes of writes and directory changes that were not synced.
struct CrashPolicy {
    enum class Unsynced : std::uint8_t {
        keep,    ///< The process died, the machine did not.
        drop,    ///< Power loss, nothing had reached the platter.
        prefix,  ///< Power loss; of each file and of the directory the first few changes survive,
                 ///< of the last of them the first few bytes.
        scatter  ///< Power loss; any sectors of each file survive, and any directory changes that
                 ///< do not build on lost ones.
    };

    Unsynced unsynced = Unsynced::keep;
    std::uint64_t choice = 0;  ///< prefix, scatter: picks what survives. keep: odd: pages whose
                               ///< fsync failed are read from the platter again.
};

/// What a crash took.
struct CrashLosses {
    std::uint64_t bytes = 0;
    std::uint64_t directory_changes = 0;
};

class MemoryDisk final : public Disk {
  public:
    [[nodiscard]] std::unique_ptr<File> open(const std::string& name, bool create) override;
    void rename(const std::string& from, const std::string& to) override;
    void remove(const std::string& name) override;
    [[nodiscard]] std::vector<std::string> list() override;
    void sync_directory() override;

    /// Applies the losses and ends failures. What `keep` keeps stays unsynced. Nothing before it
    /// can be taken back.
    CrashLosses crash(const CrashPolicy& policy);

    /// From here on every change and sync can be taken back; nothing before can.
    void mark();

    /// Changes and syncs since `mark`.
    [[nodiscard]] std::uint64_t operations() const { return journal_ ? journal_->size() : 0; }

    /// Takes back all but the first `operations` since `mark`. Every File must be gone.
    void take_back_to(std::uint64_t operations);

    /// The next sync of a file throws DiskError, and the kernel never writes what it was to write,
    /// though it calls the pages clean (fsyncgate).
    void fail_next_sync() { sync_fails_ = true; }

    /// The next `operations` changes and syncs succeed. The one after is begun (a write or
    /// directory change stays unsynced, a sync does nothing) and throws DiskError, as does all that
    /// follows.
    void fail_after(std::uint64_t operations) { operations_left_ = operations; }

    /// For tests: looks at and damages a file, as synced. The file must exist.
    [[nodiscard]] std::string contents(const std::string& name) const;
    void set_contents(const std::string& name, std::string bytes);

    /// Damages what the file holds, synced or not. It must reach beyond `offset`.
    void flip_bit(const std::string& name, std::uint64_t offset, unsigned bit);

  private:
    class OpenFile;

    using InodePointer =
        std::shared_ptr<MemoryInode>;  ///< Shared by directory states and open files.

    /// What a name meant before and after; null: nothing.
    struct Renamed {
        std::string name;
        InodePointer before;
        InodePointer after;
    };

    /// Of one directory operation.
    using Change = std::vector<Renamed>;

    /// A call that can be taken back.
    struct Step {
        InodePointer inode;            ///< Null: of the directory...
        bool change = false;           ///< ...which this changed, or else synced...
        std::vector<Change> unsynced;  ///< ...taking these away.
    };

    [[nodiscard]] std::uint64_t lose_directory_changes(const CrashPolicy& policy);
    void change(Change made);
    void take_back(const Change& made);
    void take_back_last();
    void assign(const std::string& name, const InodePointer& inode);
    [[nodiscard]] const InodePointer& find(const std::string& name) const;
    void count_operation();
    [[nodiscard]] bool journal(const InodePointer& inode);

    std::map<std::string, InodePointer> directory_;
    std::vector<Change> unsynced_;
    std::optional<std::uint64_t> operations_left_;
    bool sync_fails_ = false;
    std::optional<std::vector<Step>> journal_;
};

}  // namespace squall::raft::storage
