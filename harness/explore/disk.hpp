// What a node's disk holds, and what writes make of it: the meaning of raft::Persist, without
// bytes. A crash may leave a write half done, up to any of its parts.
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "raft/persist.hpp"
#include "raft/zoo/zoo.hpp"

namespace squall::harness::explore {

class Disk {
  public:
    static constexpr std::size_t whole = std::numeric_limits<std::size_t>::max();

    /// Into how many parts a crash can cut the write.
    [[nodiscard]] static std::size_t parts(const raft::Persist& write);

    /// Does the first `parts` of it. What makes no sense there, or nothing.
    [[nodiscard]] std::optional<std::string> write(const raft::Persist& write,
                                                   std::size_t parts = whole);

    /// What a start finds; with the bugs of recovery that are switched on.
    [[nodiscard]] raft::Recovered recover(const raft::zoo::Bugs& bugs) const;

    [[nodiscard]] const raft::HardState& hard_state() const { return hard_state_; }

    [[nodiscard]] const std::vector<raft::Entry>& entries() const { return entries_; }

    [[nodiscard]] bool holds(raft::LogId entry) const;

    template <class Archive, class Self>
    static void archive(Archive& archive, Self& self) {
        archive(self.hard_state_);
        archive(self.entries_);
    }

  private:
    raft::HardState hard_state_;
    std::vector<raft::Entry> entries_;  ///< From index 1.
};

}  // namespace squall::harness::explore
