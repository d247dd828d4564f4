// A disk in memory that outlives the Storage objects on it: for tests and the simulator. It knows
// what has been synced, file by file and for the directory, so that a crash can lose the rest.
// Deterministic; holds no more than the files themselves plus what was overwritten since their last
// sync. Every File must be gone before `crash`.
#pragma once

#include <cstdint>
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
        keep,   ///< The process died, the machine did not.
        drop,   ///< Power loss, nothing had reached the platter.
        prefix  ///< Power loss; of each file and of the directory the first few changes survive, of
                ///< the last of them the first few bytes.
    };

    Unsynced unsynced = Unsynced::keep;
    std::uint64_t choice = 0;  ///< prefix: picks how much of each.
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
        std::uint64_t length = 0;  ///< Of the write; `bytes` is shorter where the file ended.
        std::uint64_t old_size = 0;
        std::string bytes;
    };

    struct Inode {
        std::string bytes;
        std::uint64_t size = 0;  ///< From bytes.size() on it reads as zeros.
        std::vector<Overwritten> unsynced;
    };

    using InodePointer = std::shared_ptr<Inode>;  ///< Shared by directory states and open files.

    /// What a directory change replaced: the names that it touched and what they meant before.
    using Replaced = std::vector<std::pair<std::string, InodePointer>>;

    static void undo(Inode& inode, std::uint64_t kept);
    void undo_directory(std::uint64_t kept);
    [[nodiscard]] const InodePointer& find(const std::string& name) const;
    void count_operation();

    std::map<std::string, InodePointer> directory_;
    std::vector<Replaced> unsynced_;
    std::optional<std::uint64_t> operations_left_;
};

}  // namespace squall::raft::storage
