// A disk in memory that outlives the Storage objects on it: for tests and the simulator. It knows
// what has been synced, file by file and for the directory, so that a crash can lose the rest.
// Deterministic; holds no more than the files themselves plus what was overwritten since their last
// sync. Every File must be gone before `crash`.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "raft/storage/disk.hpp"

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
    std::uint64_t choice = 0;  ///< prefix, scatter: picks what survives.
};

class MemoryDisk final : public Disk {
  public:
    [[nodiscard]] std::unique_ptr<File> open(const std::string& name, bool create) override;
    void rename(const std::string& from, const std::string& to) override;
    void remove(const std::string& name) override;
    [[nodiscard]] std::vector<std::string> list() override;
    void sync_directory() override;

    /// Applies the losses and ends failures. What `keep` keeps stays unsynced.
    void crash(const CrashPolicy& policy);

    /// The next `operations` changes and syncs succeed. The one after is begun (a write or
    /// directory change stays unsynced, a sync does nothing) and throws DiskError, as does all that
    /// follows.
    void fail_after(std::uint64_t operations) { operations_left_ = operations; }

    /// For tests: looks at and damages a file, as synced. The file must exist.
    [[nodiscard]] std::string contents(const std::string& name) const;
    void set_contents(const std::string& name, std::string bytes);

  private:
    class OpenFile;

    /// What a write overwrote, so that it can be undone.
    struct Overwritten {
        std::uint64_t offset = 0;
        std::uint64_t length = 0;  ///< Of the write; `bytes` is shorter where the file ended. 0:
                                   ///< the file was extended to `offset`.
        std::uint64_t old_size = 0;
        std::string bytes;

        /// In units of work: one for beginning, one per byte.
        [[nodiscard]] std::uint64_t work() const { return length + 1; }
    };

    struct Inode {
        std::string bytes;
        std::uint64_t size = 0;  ///< From bytes.size() on it reads as zeros.
        std::vector<Overwritten> unsynced;

        [[nodiscard]] std::uint64_t unsynced_work() const;
    };

    using InodePointer = std::shared_ptr<Inode>;  ///< Shared by directory states and open files.

    /// What a name meant before and after; null: nothing.
    struct Renamed {
        std::string name;
        InodePointer before;
        InodePointer after;
    };

    /// Of one directory operation.
    using Change = std::vector<Renamed>;

    /// Whether a unit of work survives: its position among all of the file's, and the file offset.
    using Survives = std::function<bool(std::uint64_t position, std::uint64_t offset)>;

    static void lose(Inode& inode, const Survives& survives);
    void lose_directory_changes(const CrashPolicy& policy);
    void change(Change made);
    void assign(const std::string& name, const InodePointer& inode);
    [[nodiscard]] const InodePointer& find(const std::string& name) const;
    void count_operation();

    std::map<std::string, InodePointer> directory_;
    std::vector<Change> unsynced_;
    std::optional<std::uint64_t> operations_left_;
};

}  // namespace squall::raft::storage
