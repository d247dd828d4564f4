#include "harness/explore/disk.hpp"

#include <utility>

#include <fmt/format.h>

#include "raft/assert.hpp"

namespace squall::harness::explore {

namespace {

raft::LogId last_of(const std::vector<raft::Entry>& entries) {
    return entries.empty() ? raft::LogId{} : entries.back().id();
}

}  // namespace

std::size_t Disk::parts(const raft::Persist& write) {
    return (write.hard_state ? 1U : 0U) + (write.truncate_from ? 1U : 0U) + write.append.size();
}

std::optional<std::string> Disk::write(const raft::Persist& write, std::size_t parts) {
    ASSERT(!write.snapshot && !write.discard_log && !write.compact_to);
    const auto next_part = [&parts] { return parts > 0 && parts-- > 0; };
    std::optional<std::string> problem;
    if (write.hard_state && next_part()) {
        const raft::HardState before = std::exchange(hard_state_, *write.hard_state);
        if (hard_state_.term < before.term) {
            problem =
                fmt::format("made term {} durable after term {}", hard_state_.term, before.term);
        } else if (hard_state_.term == before.term && before.voted_for != raft::no_node &&
                   hard_state_.voted_for != before.voted_for) {
            problem = fmt::format(
                "replaced its durable vote of term {}, for n{}", before.term, before.voted_for);
        }
    }
    if (write.truncate_from && next_part()) {
        std::erase_if(entries_, [&](const raft::Entry& entry) {
            return entry.index >= *write.truncate_from;
        });
    }
    for (const raft::Entry& entry : write.append) {
        if (next_part()) {
            if (entry.index != last_of(entries_).index + 1) {
                return fmt::format(
                    "wrote entry {} behind entry {}", entry.index, last_of(entries_).index);
            }
            entries_.push_back(entry);
        }
    }
    return problem;
}

raft::Recovered Disk::recover(const raft::zoo::Bugs& bugs) const {
    raft::Recovered recovered{hard_state_, std::nullopt, entries_};
    if (bugs.has(raft::zoo::Bug::term_not_persisted)) {
        // As raft/storage has it.
        recovered.hard_state = {last_of(entries_).term, raft::no_node};
    }
    return recovered;
}

bool Disk::holds(raft::LogId entry) const {
    return entry.index == 0 ||
           (entry.index <= entries_.size() && entries_[entry.index - 1].term == entry.term);
}

}  // namespace squall::harness::explore
