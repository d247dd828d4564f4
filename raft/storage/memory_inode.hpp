// One file of a disk in memory: its bytes as the page cache shows them, and how to get back to what
// the platter holds. Remembers what each unsynced write overwrote and, since the last `mark`, what
// each sync covered, so that both losses and steps back in time are exact.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace squall::raft::storage {

class MemoryInode {
  public:
    /// Whether a unit of work survives: its position among all of the file's, and the file offset.
    using Survives = std::function<bool(std::uint64_t position, std::uint64_t offset)>;

    [[nodiscard]] std::uint64_t size() const { return size_; }

    /// Short at the end of the file.
    [[nodiscard]] std::string read(std::uint64_t offset, std::uint64_t size) const;

    /// `journal`: the step may be undone.
    void write(std::uint64_t offset, std::string_view bytes, bool journal);
    void extend(std::uint64_t size, bool journal);
    void sync(bool journal);

    /// An fsync that reports an error: the kernel calls the pages clean though they were never
    /// written, so that no later fsync writes them. Sizes stay unsynced.
    void fail_sync(bool journal);

    /// Undoes the last journalled step.
    void undo();

    /// Nothing can be undone any longer.
    void forget_steps() { steps_.clear(); }

    /// In units of work: for each unsynced write one for beginning, one per byte.
    [[nodiscard]] std::uint64_t unsynced_work() const;

    /// Power loss. Returns how many bytes were lost.
    std::uint64_t lose(const Survives& survives);

    /// The clean pages that were never written are read from the platter again.
    std::uint64_t drop_failed_pages();

    /// Of what is there, synced or not.
    void flip_bit(std::uint64_t offset, unsigned bit);

    /// As synced.
    void replace(std::string bytes);

  private:
    /// What a write overwrote.
    struct Overwritten {
        std::uint64_t offset = 0;
        std::uint64_t length = 0;  ///< Of the write; `bytes` is shorter where the file ended. 0:
                                   ///< the file was extended to `offset`.
        std::uint64_t old_size = 0;
        std::string bytes;

        [[nodiscard]] std::uint64_t work() const { return length + 1; }
    };

    /// Bytes of the platter under a clean page that says otherwise.
    struct Failed {
        std::uint64_t offset = 0;
        std::string platter;
    };

    struct Step {
        bool write = false;                 ///< Else a sync, which took...
        std::vector<Overwritten> unsynced;  ///< ...these away...
        std::vector<Failed> failed;         ///< ...and changed these.
    };

    void put_back(const Overwritten& old);
    void overlay_platter(Overwritten& old) const;
    void cover_failed(std::uint64_t from, std::uint64_t to);

    std::string bytes_;
    std::uint64_t size_ = 0;  ///< From bytes_.size() on it reads as zeros.
    std::vector<Overwritten> unsynced_;
    std::vector<Failed> failed_;
    std::vector<Step> steps_;
};

}  // namespace squall::raft::storage
