// The log against a plain one: a vector that is searched from end to end, and a disk that is
// written for real. Whatever is done to it in whatever order, its answers are those of the vector,
// and what it calls durable is on the disk and stays there whatever the writes under way do.
#include <algorithm>
#include <array>
#include <deque>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "raft/log.hpp"
#include "tests/raft/core/disk_model.hpp"

namespace squall::raft::test {
namespace {

enum class Kind : std::uint8_t { append, truncate, compact, reset, hand_out, confirm };

struct Step {
    Kind kind = Kind::append;
    std::size_t a = 0;
    std::size_t b = 0;
};

std::ostream& operator<<(std::ostream& out, const Step& step) {
    static constexpr std::array names{
        "append", "truncate", "compact", "reset", "hand_out", "confirm"};
    return out << names.at(static_cast<std::size_t>(step.kind)) << '(' << step.a << ',' << step.b
               << ')';
}

rc::Gen<Step> any_step() {
    using enum Kind;
    return rc::gen::build<Step>(rc::gen::set(&Step::kind,
                                             rc::gen::weightedElement<Kind>({{8, append},
                                                                             {3, truncate},
                                                                             {2, compact},
                                                                             {1, reset},
                                                                             {6, hand_out},
                                                                             {5, confirm}})),
                                rc::gen::set(&Step::a, rc::gen::inRange<std::size_t>(0, 1000)),
                                rc::gen::set(&Step::b, rc::gen::inRange<std::size_t>(0, 4)));
}

class Pair {
  public:
    void play(const Step& step) {
        switch (step.kind) {
            case Kind::append:
                append(step);
                break;
            case Kind::truncate:
                truncate(step);
                break;
            case Kind::compact:
                compact(step);
                break;
            case Kind::reset:
                reset(step);
                break;
            case Kind::hand_out:
                hand_out();
                break;
            case Kind::confirm:
                confirm(step.b);
                break;
        }
    }

    void check(std::size_t seed) const {
        RC_ASSERT(log_.base() == base_);
        RC_ASSERT(log_.last() == (entries_.empty() ? base_ : entries_.back().id()));
        for (Index index = 0; index <= last() + 1; ++index) {
            RC_ASSERT(log_.term_at(index) == term_at(index));
        }
        RC_ASSERT(log_.slice(base_.index + 1, last()) == entries_);
        check_runs(base_.index + 1 + seed % (entries_.size() + 1), 33 * (seed % 5) + seed % 7);
        check_terms(seed);
        check_durable();
    }

    /// With all writes done nothing may be missing.
    void finish() {
        if (log_.unwritten()) {
            hand_out();
        }
        confirm(writes_.size());
        RC_ASSERT(log_.durable() == last());
        check_durable();
    }

  private:
    [[nodiscard]] Index last() const {
        return entries_.empty() ? base_.index : entries_.back().index;
    }

    [[nodiscard]] std::optional<Term> term_at(Index index) const {
        if (index == base_.index) {
            return base_.term;
        }
        const auto found = std::ranges::find(entries_, index, &Entry::index);
        return found == entries_.end() ? std::nullopt : std::optional(found->term);
    }

    [[nodiscard]] const Entry& at(Index index) const {
        return *std::ranges::find(entries_, index, &Entry::index);
    }

    void append(const Step& step) {
        term_ += step.b == 0 ? 1 : 0;
        Entry entry{term_, last() + 1, EntryKind::command, std::string(step.a % 60, 'x')};
        entry.data += std::to_string(++made_);
        entries_.push_back(entry);
        log_.append(std::move(entry));
    }

    void truncate(const Step& step) {
        if (!entries_.empty()) {
            const Index first = entries_[step.a % entries_.size()].index;
            std::erase_if(entries_, [&](const Entry& entry) { return entry.index >= first; });
            // Whoever replaces entries has a higher term than they.
            ++term_;
            log_.truncate_from(first);
        }
    }

    void compact(const Step& step) {
        // Only what was applied, and so was durable, is compacted.
        if (log_.durable() > base_.index) {
            const Index index = base_.index + 1 + step.a % (log_.durable() - base_.index);
            base_ = {*term_at(index), index};
            std::erase_if(entries_, [&](const Entry& entry) { return entry.index <= index; });
            log_.compact(index);
        }
    }

    void reset(const Step& step) {
        // Behind the log, or in the midst of entries that contradict it.
        base_ = {++term_, base_.index + 1 + step.a % (entries_.size() + 10)};
        entries_.clear();
        log_.reset(base_);
        Persist write;
        write.snapshot = Snapshot{base_, {}, std::make_shared<const std::string>("snapshot")};
        write.discard_log = true;
        hand_out(std::move(write));
    }

    void hand_out(Persist write = {}) {
        write.id = ++handed_out_;
        log_.write_to(write);
        RC_ASSERT(!log_.unwritten());
        writes_.push_back(std::move(write));
    }

    void confirm(std::size_t count) {
        PersistId id = 0;
        for (; count > 0 && !writes_.empty(); --count) {
            id = writes_.front().id;
            disk_.write(writes_.front());
            writes_.pop_front();
        }
        if (id > 0) {
            const Index before = log_.durable();
            const bool changed = log_.confirm(id);
            RC_ASSERT(changed == (log_.durable() != before));
        }
    }

    void check_runs(Index from, std::size_t bytes) const {
        Index end = from - 1;
        std::size_t cost = 0;
        while (end < last() && (end < from || cost + cost_of(at(end + 1).data.size()) <= bytes)) {
            cost += cost_of(at(++end).data.size());
        }
        RC_ASSERT(log_.batch_end(from, bytes) == end);

        const Index count = bytes % 5;
        Index start = last() + 1;
        cost = 0;
        while (start > base_.index + 1 && last() + 1 - start < count &&
               cost + cost_of(at(start - 1).data.size()) <= bytes) {
            cost += cost_of(at(--start).data.size());
        }
        RC_ASSERT(log_.run_start(last(), count, bytes) == start);
    }

    void check_terms(std::size_t seed) const {
        if (!entries_.empty()) {
            const Entry& entry = entries_[seed % entries_.size()];
            const auto first = std::ranges::find(entries_, entry.term, &Entry::term);
            RC_ASSERT(log_.first_of_term(entry.index) == first->index);
        }
        const Term term = seed % (term_ + 2);
        const Index limit = base_.index + seed % (entries_.size() + 2);
        Index found = base_.index;
        for (const Entry& entry : entries_) {
            found = entry.index <= limit && entry.term <= term ? entry.index : found;
        }
        RC_ASSERT(log_.last_up_to_term(term, limit) == found);
    }

    void check_durable() const {
        DiskModel disk = disk_;
        expect_on(disk);
        for (const Persist& write : writes_) {
            disk.write(write);
            expect_on(disk);
        }
    }

    void expect_on(const DiskModel& disk) const {
        for (const Entry& entry : entries_) {
            if (entry.index <= log_.durable()) {
                RC_ASSERT(disk.holds(entry.id()));
                const auto& held = disk.entries();
                RC_ASSERT(std::ranges::find(held, entry) != held.end());
            }
        }
    }

    Log log_{{}, {}};
    LogId base_;
    std::vector<Entry> entries_;
    Term term_ = 1;
    std::uint64_t made_ = 0;
    PersistId handed_out_ = 0;
    std::deque<Persist> writes_;
    DiskModel disk_;
};

RC_GTEST_PROP(LogModel, IsAVectorWhoseDurablePartIsOnDisk, ()) {
    const auto steps = *rc::gen::resize(60, rc::gen::container<std::vector<Step>>(any_step()));

    Pair pair;
    for (const Step& step : steps) {
        pair.play(step);
        pair.check(step.a);
    }
    pair.finish();
}

}  // namespace
}  // namespace squall::raft::test
