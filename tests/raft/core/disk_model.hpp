// What a disk holds after the writes that it was given: the meaning of Persist, without bytes.
// A crash may leave a write half done; write() takes how many of its parts became durable.
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "raft/persist.hpp"

namespace squall::raft::test {

class DiskModel {
  public:
    static constexpr std::size_t whole = std::numeric_limits<std::size_t>::max();

    explicit DiskModel(Recovered content = {})
        : hard_state_(content.hard_state),
          snapshot_(std::move(content.snapshot)),
          entries_(std::move(content.entries)) {}

    /// Aborts when the write does not fit to what is there: that is the core's mistake.
    void write(const Persist& write, std::size_t parts = whole);

    [[nodiscard]] Recovered recovered() const { return {hard_state_, snapshot_, entries_}; }

    [[nodiscard]] const HardState& hard_state() const { return hard_state_; }

    [[nodiscard]] LogId last() const;

    /// Term of an entry in the log or of the snapshot's last entry.
    [[nodiscard]] std::optional<Term> term_at(Index index) const;

    /// Whether the log holds the entry or a snapshot covers it.
    [[nodiscard]] bool holds(LogId entry) const;

    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

  private:
    HardState hard_state_;
    std::optional<Snapshot> snapshot_;
    std::vector<Entry> entries_;
};

}  // namespace squall::raft::test
