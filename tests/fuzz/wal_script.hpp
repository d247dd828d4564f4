// A log that was really written, batch by batch, from an input, and damage to it. Knows what a
// start may find afterwards.
#pragma once

#include <string>
#include <vector>

#include "raft/persist.hpp"
#include "raft/storage/memory_disk.hpp"
#include "tests/fuzz/target.hpp"

namespace squall::fuzz {

class WalScript {
  public:
    /// Takes batches from the input until it says stop, and writes each.
    explicit WalScript(Feed& feed);

    [[nodiscard]] raft::storage::MemoryDisk& disk() { return disk_; }

    /// The state after every batch.
    [[nodiscard]] const std::vector<raft::Recovered>& written() const { return written_; }

    /// Entries up to here may be there or not.
    [[nodiscard]] raft::Index compacted() const { return compacted_; }

    /// Cuts the last segment, or flips a bit of any file. Returns every state that a start may
    /// find then, if it does not refuse: after a cut, the one that the whole records before it
    /// amount to; after a flip, none that lacks a record of a batch before the last. None at all
    /// if the record of a snapshot was cut off: it may be the only trace of removed segments
    /// (docs/storage.md, "Limits").
    [[nodiscard]] std::vector<raft::Recovered> damage(Feed& feed);

  private:
    /// After a record.
    struct Known {
        std::size_t end = 0;      ///< Of the record, in the last segment.
        bool snapshot = false;    ///< The record is that of one.
        std::size_t batches = 0;  ///< Whole ones so far, of all segments.
        raft::Recovered state;
    };

    struct LastSegment {
        std::string name;
        std::vector<Known> states;  ///< First the one that it begins with.
    };

    [[nodiscard]] raft::Persist next_persist(Feed& feed);
    [[nodiscard]] LastSegment last_segment();

    raft::storage::MemoryDisk disk_;
    std::vector<raft::Recovered> written_;
    raft::Recovered state_;
    raft::Index compacted_ = 0;
};

/// Inputs that reach every kind of batch and both kinds of damage.
[[nodiscard]] std::vector<std::string> script_seeds();

}  // namespace squall::fuzz
