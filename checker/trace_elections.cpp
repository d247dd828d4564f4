#include "checker/trace_elections.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace squall::checker {

void LeaderCompleteness::elected(const TraceRecord& record,
                                 std::uint64_t term,
                                 std::uint64_t last,
                                 const TermAt& term_at) {
    invariant_.seen();
    const TraceEventId event = TraceEventId::of(record);
    leaders_.try_emplace(term, Leader{event, last});
    for (auto commit = commits_.begin(); commit != commits_.lower_bound(term); ++commit) {
        const auto& [committed_in, what] = *commit;
        const std::optional<std::uint64_t> here = term_at(what.index);
        if (what.index > last || (here && *here != what.entry_term)) {
            invariant_.violate(
                event,
                what.event,
                fmt::format("n{} leads term {} without the entry {} of term {}, which n{} "
                            "committed in term {}",
                            record.node,
                            term,
                            what.index,
                            what.entry_term,
                            what.event.node,
                            committed_in));
        }
    }
}

void LeaderCompleteness::committed(const TraceRecord& record,
                                   std::uint64_t term,
                                   std::uint64_t index,
                                   std::uint64_t entry_term) {
    Commit& furthest = commits_[term];
    if (index > furthest.index) {
        furthest = {TraceEventId::of(record), index, entry_term};
    }
    for (auto leader = leaders_.upper_bound(term); leader != leaders_.end(); ++leader) {
        if (leader->second.last < index) {
            invariant_.violate(
                TraceEventId::of(record),
                leader->second.event,
                fmt::format("n{} committed index {} in term {}, but n{} led term {} with a log "
                            "that ended at {}",
                            record.node,
                            index,
                            term,
                            leader->second.event.node,
                            leader->first,
                            leader->second.last));
        }
    }
}

void TermGrowth::candidate(const TraceRecord& record, std::uint64_t term) {
    seen_ = true;
    Candidacy& current = current_[record.node];
    const bool same_life = current.incarnation == record.incarnation;
    if (same_life && current.durable && term == current.term + 1) {
        given_up_[record.node].emplace(current.term, TraceEventId::of(record));
    }
    current = {record.incarnation, term, false};
}

void TermGrowth::durable(const TraceRecord& record, std::uint64_t term) {
    const auto current = current_.find(record.node);
    if (current != current_.end() && current->second.incarnation == record.incarnation &&
        current->second.term == term) {
        current->second.durable = true;
    }
    Participants& participants =
        participants_.try_emplace(term, Participants{record.node, false}).first->second;
    participants.several = participants.several || participants.first != record.node;
}

TraceInvariant TermGrowth::invariant() const {
    TraceInvariant invariant("term-growth", "Bounded term growth (dissertation §9.6)", "candidate");
    if (seen_) {
        invariant.seen();
    }
    for (const auto& [node, terms] : given_up_) {
        std::uint64_t row = 0;
        std::uint64_t before = 0;
        for (const auto& [term, where] : terms) {
            const bool alone = !participants_.at(term).several;
            row = alone ? (term == before + 1 ? row + 1 : 1) : 0;
            before = term;
            if (row == lonely_terms_max + 1) {
                invariant.violate(
                    where,
                    fmt::format("n{} began the terms {} to {} one after the other, and nobody else "
                                "took part in any of them",
                                node,
                                term - lonely_terms_max,
                                term));
            }
        }
    }
    return invariant;
}

}  // namespace squall::checker
