#include "tests/raft/core/disk_model.hpp"

#include <algorithm>

#include "raft/assert.hpp"

namespace squall::raft::test {

void DiskModel::write(const Persist& write, std::size_t parts) {
    const auto next_part = [&parts] { return parts > 0 && parts-- > 0; };
    if (write.snapshot && next_part()) {
        ASSERT(!snapshot_ || write.snapshot->last.index >= snapshot_->last.index);
        snapshot_ = write.snapshot;
    }
    if (write.discard_log && next_part()) {
        entries_.clear();
    }
    if (write.hard_state && next_part()) {
        ASSERT(write.hard_state->term >= hard_state_.term);
        hard_state_ = *write.hard_state;
    }
    if (write.truncate_from && next_part()) {
        std::erase_if(entries_, [&](const Entry& e) { return e.index >= *write.truncate_from; });
    }
    for (const Entry& entry : write.append) {
        if (next_part()) {
            ASSERT(entry.index == last().index + 1);
            entries_.push_back(entry);
        }
    }
    if (write.compact_to && next_part()) {
        ASSERT(snapshot_ && *write.compact_to <= snapshot_->last.index);
        std::erase_if(entries_, [&](const Entry& e) { return e.index <= *write.compact_to; });
    }
}

LogId DiskModel::last() const {
    if (!entries_.empty()) {
        return entries_.back().id();
    }
    return snapshot_ ? snapshot_->last : LogId{};
}

std::optional<Term> DiskModel::term_at(Index index) const {
    if (!entries_.empty() && index >= entries_.front().index && index <= entries_.back().index) {
        return entries_[index - entries_.front().index].term;
    }
    if (snapshot_ && snapshot_->last.index == index) {
        return snapshot_->last.term;
    }
    return std::nullopt;
}

bool DiskModel::holds(LogId entry) const {
    return (snapshot_ && snapshot_->last.index >= entry.index) ||
           term_at(entry.index) == entry.term;
}

}  // namespace squall::raft::test
