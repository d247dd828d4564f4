// Keeps the core's state on a Disk: a write-ahead log for entries *and* hard state, and snapshots.
// Plain synchronous code; whoever calls it decides on which thread. docs/storage.md describes
// files, records and recovery.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>

#include "raft/persist.hpp"
#include "raft/storage/disk.hpp"
#include "raft/zoo/zoo.hpp"

namespace squall::raft::storage {

/// The disk holds something that no crash can have left. The node must not vote or acknowledge
/// anything: acting on a shortened log could lose what it once promised. The message names file,
/// offset and what is wrong.
class Corruption : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

struct StorageConfig {
    NodeId node = no_node;
    std::uint64_t cluster = 0;
    std::uint64_t segment_bytes = std::uint64_t{16} << 20U;  ///< From 4096.
    std::uint64_t salt_seed = 0;  ///< Makes the bytes of recycled or copied segments unreadable.
    zoo::Bugs bugs;
};

class Storage {
  public:
    /// Opens or creates. Throws Corruption or DiskError.
    Storage(Disk& disk, const StorageConfig& config);
    ~Storage();
    Storage(const Storage&) = delete;
    Storage& operator=(const Storage&) = delete;

    /// What the disk held; once, after construction.
    [[nodiscard]] Recovered take_recovered();

    /// Makes a batch durable: in order, one fdatasync for all of it where no snapshot intervenes
    /// (group commit). Returns when it is durable; throws DiskError, after which the storage must
    /// not be used.
    void write(std::span<const Persist> batch);

    /// For metrics.
    [[nodiscard]] std::uint64_t segments() const;
    [[nodiscard]] std::uint64_t bytes() const;

    /// Writes that a crash had cut short and that opening this cleaned up.
    [[nodiscard]] std::uint64_t repaired_tails() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace squall::raft::storage
