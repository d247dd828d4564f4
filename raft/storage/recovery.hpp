// Reads what a disk holds at a start: all segments and the current snapshot, cleaned of what a
// crash left behind. Throws Corruption on anything that no crash can have left.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "raft/persist.hpp"
#include "raft/storage/disk.hpp"
#include "raft/storage/storage.hpp"

namespace squall::raft::storage {

/// What is known of a segment once it has been read or while it is being written.
struct SegmentInfo {
    std::uint64_t sequence = 0;
    std::uint64_t end = 0;  ///< Behind the last record.
    Index highest = 0;      ///< Of its entries that may be needed. 0: none is.
};

struct Recovery {
    Recovered recovered;
    std::deque<SegmentInfo> segments;  ///< Oldest first; empty on a fresh disk.
    /// Where writing may go on, in the last segment.
    bool continues = false;
    std::uint64_t salt = 0;
    std::uint64_t capacity = 0;
    std::uint32_t next_batch = 1;
    std::uint64_t repaired_tails = 0;  ///< Of records, and of the header of a new segment.
};

[[nodiscard]] std::string segment_name(std::uint64_t sequence);

/// Everything that it reports is durable when it returns.
[[nodiscard]] Recovery recover(Disk& disk, const StorageConfig& config);

}  // namespace squall::raft::storage
