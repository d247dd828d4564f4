// The contract between the core and whoever keeps its state on disk.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "raft/types.hpp"

namespace squall::raft {

/// Counts the writes that the core asks for, from 1, in the order in which they must become
/// durable.
using PersistId = std::uint64_t;

/// One write, all of it durable before it is confirmed, in the order of the fields.
struct Persist {
    PersistId id = 0;
    /// Taken here or received from the leader; replaces the log up to `last`. When `discard_log` is
    /// set the whole log goes (a received snapshot that the log does not contain).
    std::optional<Snapshot> snapshot;
    bool discard_log = false;
    std::optional<HardState> hard_state;
    std::optional<Index> truncate_from;  ///< Drop entries at and after this index...
    std::vector<Entry> append;           ///< ...then append these, contiguous.
    std::optional<Index>
        compact_to;  ///< Entries up to here may be forgotten; a durable snapshot covers them.
};

/// What a start finds on disk.
struct Recovered {
    HardState hard_state;
    std::optional<Snapshot> snapshot;
    /// Contiguous; may begin at or before snapshot.last.index + 1.
    std::vector<Entry> entries;
};

}  // namespace squall::raft
