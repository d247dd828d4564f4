#include "raft/log.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "raft/assert.hpp"

namespace squall::raft {

Log::Log(LogId snapshot, std::vector<Entry> entries)
    : base_(snapshot),
      entries_(std::make_move_iterator(entries.begin()), std::make_move_iterator(entries.end())) {
    if (!entries_.empty() && entries_.front().index <= snapshot.index) {
        // The entries begin inside of the snapshot. The first serves as base, since the term before
        // it is unknown.
        base_ = entries_.front().id();
        entries_.pop_front();
        if (term_at(snapshot.index) != snapshot.term) {
            base_ = snapshot;
            entries_.clear();
            discarded_ = true;
        }
    }
    for (Index index = base_.index + 1; const Entry& entry : entries_) {
        ASSERT(entry.index == index);
        ++index;
    }
    handed_ = durable_ = last().index;
}

std::optional<Term> Log::term_at(Index index) const {
    if (index == base_.index) {
        return base_.term;
    }
    if (index < base_.index || index > last().index) {
        return std::nullopt;
    }
    return at(index).term;
}

const Entry& Log::at(Index index) const {
    ASSERT(index > base_.index);
    ASSERT(index <= last().index);
    return entries_[index - base_.index - 1];
}

std::vector<Entry> Log::slice(Index first, Index last_index) const {
    if (first > last_index) {
        return {};
    }
    ASSERT(first > base_.index);
    ASSERT(last_index <= last().index);
    const auto begin = entries_.begin() + static_cast<std::ptrdiff_t>(first - base_.index - 1);
    return {begin, begin + static_cast<std::ptrdiff_t>(last_index - first + 1)};
}

Index Log::batch_end(Index first, std::size_t max_bytes) const {
    std::size_t bytes = 0;
    Index end = first - 1;
    while (end < last().index) {
        bytes += cost_of(at(end + 1).data.size());
        if (bytes > max_bytes && end >= first) {
            break;
        }
        ++end;
    }
    return end;
}

Index Log::run_start(Index last_index, Index count, std::size_t max_bytes) const {
    std::size_t bytes = 0;
    Index first = last_index + 1;
    while (first > base_.index + 1 && last_index + 1 - first < count) {
        bytes += cost_of(at(first - 1).data.size());
        if (bytes > max_bytes) {
            break;
        }
        --first;
    }
    return first;
}

Index Log::first_of_term(Index index) const {
    const Term term = at(index).term;
    // Terms never fall along the log, so the run can be found by bisection.
    const auto begin = std::lower_bound(
        entries_.begin(), entries_.end(), term, [](const Entry& entry, Term wanted) {
            return entry.term < wanted;
        });
    return begin->index;
}

Index Log::last_up_to_term(Term term, Index limit) const {
    const auto after = std::upper_bound(
        entries_.begin(), entries_.end(), term, [](Term wanted, const Entry& entry) {
            return wanted < entry.term;
        });
    const auto count = static_cast<Index>(after - entries_.begin());
    return std::max(base_.index, std::min(base_.index + count, limit));
}

void Log::append(Entry entry) {
    ASSERT(entry.index == last().index + 1);
    entries_.push_back(std::move(entry));
}

void Log::truncate_from(Index first) {
    ASSERT(first > base_.index);
    ASSERT(first <= last().index);
    entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(first - base_.index - 1),
                   entries_.end());
    if (first <= handed_) {
        truncated_from_ = std::min(truncated_from_.value_or(first), first);
        handed_ = first - 1;
    }
    lower_claims(first - 1);
}

void Log::reset(LogId snapshot) {
    base_ = snapshot;
    entries_.clear();
    handed_ = snapshot.index;
    truncated_from_.reset();
    lower_claims(0);
}

void Log::lower_claims(Index last_index) {
    durable_ = std::min(durable_, last_index);
    for (Claim& claim : claims_) {
        claim.last = std::min(claim.last, last_index);
    }
}

void Log::compact(Index index) {
    if (index <= base_.index) {
        return;
    }
    const LogId base = at(index).id();
    entries_.erase(entries_.begin(),
                   entries_.begin() + static_cast<std::ptrdiff_t>(index - base_.index));
    base_ = base;
    ASSERT(handed_ >= base_.index);
}

void Log::write_to(Persist& write) {
    write.truncate_from = std::exchange(truncated_from_, std::nullopt);
    write.append = slice(handed_ + 1, last().index);
    handed_ = last().index;
    claims_.push_back({write.id, handed_});
}

bool Log::confirm(PersistId id) {
    const Index before = durable_;
    while (!claims_.empty() && claims_.front().id <= id) {
        durable_ = std::max(durable_, claims_.front().last);
        claims_.pop_front();
    }
    return durable_ != before;
}

}  // namespace squall::raft
