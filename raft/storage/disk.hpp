// The few disk operations that the log and the snapshots need, so that the same storage code runs
// on a real directory, on a simulated disk, and under faults. Synchronous. One flat directory of
// files per node.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace squall::raft::storage {

/// What disks write as a whole.
inline constexpr std::size_t sector_bytes = 512;

/// An operation that failed. Whoever gets one must stop the node: after a failed fsync nothing is
/// known.
class DiskError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

class File {
  public:
    File() = default;
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    virtual ~File() = default;

    /// Writes all of `bytes` at `offset`. Not durable until `sync_data`.
    virtual void write(std::uint64_t offset, std::string_view bytes) = 0;

    /// Up to `size` bytes from `offset`; short at the end of the file.
    [[nodiscard]] virtual std::string read(std::uint64_t offset, std::size_t size) = 0;

    /// Reserves `size` bytes from the start, reading as zeros where nothing was written.
    virtual void allocate(std::uint64_t size) = 0;

    [[nodiscard]] virtual std::uint64_t size() = 0;

    /// fdatasync.
    virtual void sync_data() = 0;
};

class Disk {
  public:
    Disk() = default;
    Disk(const Disk&) = delete;
    Disk& operator=(const Disk&) = delete;
    virtual ~Disk() = default;

    /// Opens for reading and writing; `create` makes it (and empties an existing one).
    [[nodiscard]] virtual std::unique_ptr<File> open(const std::string& name, bool create) = 0;

    /// Atomic, replaces `to`. Durable after `sync_directory`.
    virtual void rename(const std::string& from, const std::string& to) = 0;

    virtual void remove(const std::string& name) = 0;

    /// Names in the directory, sorted.
    [[nodiscard]] virtual std::vector<std::string> list() = 0;

    /// fsync of the directory: creations, renames and removals become durable.
    virtual void sync_directory() = 0;
};

}  // namespace squall::raft::storage
