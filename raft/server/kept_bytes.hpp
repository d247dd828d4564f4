// How many bytes of applied entries the log still has: what snapshots and compaction are there to
// keep small. Counted from what was applied in this life; entries that a start found behind its
// snapshot are not in it.
#pragma once

#include <cstddef>
#include <deque>

#include "raft/types.hpp"

namespace squall::raft::server {

class KeptBytes {
  public:
    /// In the order of the log; over a gap the log has received a snapshot, and forgot what was.
    void applied(Index index, std::size_t bytes) {
        if (index != first_ + sizes_.size()) {
            sizes_.clear();
            bytes_ = 0;
            first_ = index;
        }
        sizes_.push_back(bytes);
        bytes_ += bytes;
    }

    /// The log has forgotten everything up to `base`.
    void forget_to(Index base) {
        while (!sizes_.empty() && first_ <= base) {
            bytes_ -= sizes_.front();
            sizes_.pop_front();
            ++first_;
        }
    }

    [[nodiscard]] std::size_t bytes() const { return bytes_; }

  private:
    std::deque<std::size_t> sizes_;
    Index first_ = 0;  ///< Of sizes_.
    std::size_t bytes_ = 0;
};

}  // namespace squall::raft::server
