// The log in memory (§5.3) with its ledger of durability: which entries were handed to the disk,
// and which of those the disk has confirmed. Knows nothing of roles, commit or messages.
//
// Invariant: base().index <= handed out <= last().index, and every entry up to durable() is on disk
// exactly as it is here.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "raft/persist.hpp"
#include "raft/types.hpp"

namespace squall::raft {

/// What an entry counts against limits in bytes: its data and a share for everything around it.
[[nodiscard]] constexpr std::size_t cost_of(std::size_t data_bytes) {
    return data_bytes + 32;
}

class Log {
  public:
    /// As recovered: all of it is durable. Entries that do not continue or contain the snapshot are
    /// what a crash in the middle of an installation leaves, and are dropped.
    Log(LogId snapshot, std::vector<Entry> entries);

    /// The recovered entries were dropped; the disk has to forget them, too.
    [[nodiscard]] bool discarded() const { return discarded_; }

    /// The entry before the first one kept: all that is left of what was compacted.
    [[nodiscard]] LogId base() const { return base_; }

    [[nodiscard]] LogId last() const { return entries_.empty() ? base_ : entries_.back().id(); }

    /// 0 while a received snapshot is on its way to the disk.
    [[nodiscard]] Index durable() const { return durable_; }

    /// Also of base(); nothing outside of the log.
    [[nodiscard]] std::optional<Term> term_at(Index index) const;

    /// base().index < index <= last().index.
    [[nodiscard]] const Entry& at(Index index) const;

    /// Copies of [first, last].
    [[nodiscard]] std::vector<Entry> slice(Index first, Index last) const;

    /// The end of the longest run from `first` that costs no more than `max_bytes`, at least one
    /// entry; first - 1 when there is none.
    [[nodiscard]] Index batch_end(Index first, std::size_t max_bytes) const;

    /// The lowest index from which the entries up to `last` are at most `count` and cost no more
    /// than `max_bytes`; last + 1 when not even one does.
    [[nodiscard]] Index run_start(Index last, Index count, std::size_t max_bytes) const;

    /// The first index kept of the term that `index` belongs to.
    [[nodiscard]] Index first_of_term(Index index) const;

    /// The last index kept at or before `limit` whose term is at most `term`; base().index if none.
    [[nodiscard]] Index last_up_to_term(Term term, Index limit) const;

    /// Must continue the log.
    void append(Entry entry);

    /// Drops [first, last()]. The caller answers for none of them being committed.
    void truncate_from(Index first);

    /// A received snapshot replaces everything.
    void reset(LogId snapshot);

    /// Forgets entries up to `index`, which must be in the log. No-op when they are gone already.
    void compact(Index index);

    /// Whether something was changed since the last write_to.
    [[nodiscard]] bool unwritten() const {
        return truncated_from_.has_value() || handed_ < last().index;
    }

    /// Moves the unwritten changes into `write`, whose id is set, and keeps account of it.
    void write_to(Persist& write);

    /// The disk has done every write up to `id`. True when durable() changed.
    bool confirm(PersistId id);

    /// For raft/image.hpp; ids of writes count from `confirmed`.
    template <class Archive, class Self>
    static void archive(Archive& archive, Self& self, PersistId confirmed) {
        archive(self.base_);
        archive(self.entries_);
        archive(self.discarded_);
        archive(self.handed_);
        archive(self.durable_);
        archive(self.truncated_from_);
        archive.each(self.claims_, [&](auto& claim) {
            archive.relative(claim.id, confirmed);
            archive(claim.last);
        });
    }

  private:
    /// What a write will have made durable. A later truncation lowers the claims of the writes
    /// before it: their bytes are about to be replaced, so their completion promises nothing beyond
    /// (the ABA race of a completion that confirms another entry at the same index).
    struct Claim {
        PersistId id = 0;
        Index last = 0;
    };

    void lower_claims(Index last);

    LogId base_;
    std::deque<Entry> entries_;
    bool discarded_ = false;
    Index handed_ = 0;
    Index durable_ = 0;
    std::optional<Index> truncated_from_;
    std::deque<Claim> claims_;
};

}  // namespace squall::raft
