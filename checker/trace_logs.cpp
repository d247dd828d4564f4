#include "checker/trace_logs.hpp"

#include <fmt/format.h>

namespace squall::checker {

void TracedLog::append(const TraceAppend& append) {
    if (terms_.empty() || append.first < first_ || append.first > end()) {
        first_ = append.first;
        terms_.clear();
    }
    terms_.resize(append.first - first_);
    terms_.insert(terms_.end(), append.terms.begin(), append.terms.end());
}

void TracedLog::install(std::uint64_t index, std::uint64_t term) {
    if (!terms_.empty() && first_ == index + 1) {
        first_ = index;
        terms_.insert(terms_.begin(), term);
    } else if (term_at(index) == term) {
        terms_.erase(terms_.begin(), terms_.begin() + static_cast<std::ptrdiff_t>(index - first_));
        first_ = index;
    } else {
        reset(index, term);
    }
}

void LogInvariants::appended(const TraceRecord& record,
                             TracedLife& life,
                             const TraceAppend& append) {
    const TraceEventId event = TraceEventId::of(record);
    if (life.leads) {
        append_only_.seen();
        if (append.first < life.log.end()) {
            append_only_.violate(event,
                                 life.leads_since,
                                 fmt::format("n{} led and replaced its own entries from index {} "
                                             "on",
                                             record.node,
                                             append.first));
        }
    }
    life.log.append(append);
    life.unconfirmed.erase(life.unconfirmed.lower_bound(append.first), life.unconfirmed.end());
    // A follower that received a snapshot moves its commit index there and replaces its log at
    // once, but the trace tells of the snapshot only when it is durable. Right after a move of
    // the commit index the model's entry there may thus be the one that was replaced.
    const bool doubtful = life.committed_since_append && append.first == life.commit + 1 &&
                          life.applied < life.commit;
    life.committed_since_append = false;
    for (std::size_t i = 0; i < append.terms.size(); ++i) {
        const std::uint64_t index = append.first + i;
        if (i == 0 && doubtful) {
            life.unconfirmed[index] = {append.terms[i], event};
        } else if (const auto before = life.log.term_at(index - 1)) {
            follows(event, index, append.terms[i], *before);
        }
    }
}

/// Log matching, one step: the entry (index, term) has the same predecessor everywhere. By
/// induction two logs that hold it agree on all that precedes it.
void LogInvariants::follows(const TraceEventId& event,
                            std::uint64_t index,
                            std::uint64_t term,
                            std::uint64_t before) {
    matching_.seen();
    const auto [known, first] =
        predecessors_.try_emplace({index, term}, Predecessor{before, event});
    if (!first && known->second.term != before) {
        matching_.violate(event,
                          known->second.event,
                          fmt::format("entry {} of term {} follows an entry of term {} on n{} but "
                                      "of term {} on n{}",
                                      index,
                                      term,
                                      before,
                                      event.node,
                                      known->second.term,
                                      known->second.event.node));
    }
}

void LogInvariants::confirm(TracedLife& life, std::uint64_t index, std::uint64_t term) {
    const auto found = life.unconfirmed.find(index + 1);
    if (found != life.unconfirmed.end()) {
        follows(found->second.event, found->first, found->second.term, term);
    }
    life.unconfirmed.erase(life.unconfirmed.begin(), life.unconfirmed.upper_bound(index + 1));
}

}  // namespace squall::checker
