// The properties themselves (figure 3 of the paper; dissertation, section 6.4), one function each.
#include <algorithm>

#include <fmt/format.h>

#include "harness/explore/history.hpp"
#include "harness/explore/history_teller.hpp"

namespace squall::harness::explore {

using raft::Index;
using raft::Term;

/// §5.2: at most one vote per term, across restarts.
std::optional<Violation> History::voted(const Teller& teller, const Fact& fact) {
    raft::HardState& promise = promises_[teller.node - 1];
    const bool again = fact.term == promise.term && fact.other != promise.voted_for;
    if (fact.term < promise.term || again) {
        return teller.broken(
            "vote-once",
            fact.term,
            0,
            again ? fmt::format("votes for n{} in term {}, in which it had voted "
                                "for n{}",
                                fact.other,
                                fact.term,
                                promise.voted_for)
                  : fmt::format(
                        "votes in term {} after it had voted in term {}", fact.term, promise.term),
            Earlier{teller.node, FactKind::voted, promise.term, 0});
    }
    promise = {fact.term, fact.other};
    return std::nullopt;
}

/// Election safety (§5.2) and leader completeness (§5.4).
std::optional<Violation> History::led(const Teller& teller, const Fact& fact) {
    if (leaders_.size() < fact.term) {
        leaders_.resize(fact.term);
    }
    Leader& leader = leaders_[fact.term - 1];
    if (leader.node != raft::no_node && leader.node != teller.node) {
        return teller.broken("election-safety",
                             fact.term,
                             0,
                             fmt::format("leads term {}, which n{} led", fact.term, leader.node),
                             Earlier{leader.node, FactKind::led, fact.term, 0});
    }
    leader = {teller.node, teller.summary().log};
    for (Index index = 1; index <= chosen_.size(); ++index) {
        const Chosen& chosen = chosen_[index - 1];
        if (chosen.committed_in < fact.term && term_at(teller.log(), index) != chosen.term) {
            return teller.broken(
                "leader-completeness",
                fact.term,
                index,
                fmt::format("leads term {} without entry {} of term {}, which was committed in "
                            "term {}",
                            fact.term,
                            index,
                            chosen.term,
                            chosen.committed_in),
                Earlier{raft::no_node, FactKind::committed, chosen.committed_in, index});
        }
    }
    return std::nullopt;
}

/// §5.4.2 and §5.3: an entry of the leader's own term, durable on a majority.
std::optional<Violation> History::committed(const Teller& teller, const Fact& fact) {
    const std::vector<Term>& log = teller.log();
    const Term own = term_at(log, fact.index);
    if (own != fact.term) {
        return teller.broken(
            "commit-certificate",
            fact.term,
            fact.index,
            fmt::format("led term {} and counted entry {} of term {} as committed; only an entry "
                        "of its own term commits by counting (section 5.4.2)",
                        fact.term,
                        fact.index,
                        own),
            std::nullopt);
    }
    const std::size_t holders = teller.holders(fact.index, own);
    if (holders * 2 <= teller.nodes.size()) {
        return teller.broken("commit-certificate",
                             fact.term,
                             fact.index,
                             fmt::format("counted entry {} of term {} as committed, which is "
                                         "durable on {} of {} nodes",
                                         fact.index,
                                         own,
                                         holders,
                                         teller.nodes.size()),
                             std::nullopt);
    }
    for (Index index = 1; index <= fact.index; ++index) {
        const Term term = term_at(log, index);
        if (index > chosen_.size()) {
            chosen_.push_back({term, 0, fact.term});
            continue;
        }
        Chosen& chosen = chosen_[index - 1];
        if (chosen.term != term) {
            return teller.broken(
                "state-machine-safety",
                fact.term,
                index,
                fmt::format("committed entry {} of term {}, but one of term {} had been committed "
                            "there",
                            index,
                            term,
                            chosen.term),
                Earlier{raft::no_node, FactKind::committed, chosen.committed_in, index});
        }
        chosen.committed_in = std::min(chosen.committed_in, fact.term);
    }
    for (Term later = fact.term + 1; later <= leaders_.size(); ++later) {
        const Leader& leader = leaders_[later - 1];
        if (leader.node != raft::no_node &&
            term_at(teller.locals.log(leader.log), fact.index) != own) {
            return teller.broken("leader-completeness",
                                 later,
                                 fact.index,
                                 fmt::format("committed entry {} of term {}, but n{} had been "
                                             "elected in term {} without it",
                                             fact.index,
                                             own,
                                             leader.node,
                                             later),
                                 Earlier{leader.node, FactKind::led, later, 0});
        }
    }
    return std::nullopt;
}

/// State machine safety (§5.4.3), as soon as a follower counts something else as committed.
std::optional<Violation> History::learned(const Teller& teller, const Fact& fact) const {
    for (Index index = 1; index <= fact.index; ++index) {
        const Term own = term_at(teller.log(), index);
        if (index > chosen_.size()) {
            return teller.broken("commit-certificate",
                                 fact.term,
                                 index,
                                 fmt::format("takes entry {} of term {} as committed, which no "
                                             "leader has committed",
                                             index,
                                             own),
                                 std::nullopt);
        }
        const Chosen& chosen = chosen_[index - 1];
        if (own != chosen.term) {
            return teller.broken(
                "state-machine-safety",
                fact.term,
                index,
                fmt::format("takes entry {} as committed with {}, but it was committed with an "
                            "entry of term {}",
                            index,
                            own == 0 ? std::string("a log that ends before it")
                                     : fmt::format("an entry of term {}", own),
                            chosen.term),
                Earlier{raft::no_node, FactKind::committed, chosen.committed_in, index});
        }
    }
    return std::nullopt;
}

std::optional<Violation> History::applied(const Teller& teller, const Fact& fact) {
    const bool known = fact.index <= chosen_.size();
    if (known && chosen_[fact.index - 1].content == 0) {
        chosen_[fact.index - 1].content = fact.id;
    }
    if (known && chosen_[fact.index - 1].term == fact.term &&
        chosen_[fact.index - 1].content == fact.id) {
        return std::nullopt;
    }
    return teller.broken(
        "state-machine-safety",
        teller.summary().term,
        fact.index,
        known ? fmt::format("applied at index {} an entry of term {}, but another one (term {}) "
                            "is committed there",
                            fact.index,
                            fact.term,
                            chosen_[fact.index - 1].term)
              : fmt::format("applied index {}, which no leader has committed", fact.index),
        known ? std::optional(Earlier{raft::no_node, FactKind::committed, 0, fact.index})
              : std::nullopt);
}

/// Dissertation §6.4: a read sees everything that was committed when it began.
std::optional<Violation> History::confirmed(const Teller& teller, const Fact& fact) const {
    if (fact.kind != FactKind::read_confirmed) {
        return std::nullopt;
    }
    const auto read = std::find_if(reads_.begin(), reads_.end(), [&](const Read& candidate) {
        return candidate.node == teller.node && candidate.id == fact.id;
    });
    if (read == reads_.end() || fact.index >= read->floor) {
        return std::nullopt;
    }
    return teller.broken("read-index",
                         teller.summary().term,
                         read->floor,
                         fmt::format("serves a read at index {}, but index {} had been committed "
                                     "before the read began",
                                     fact.index,
                                     read->floor),
                         Earlier{raft::no_node, FactKind::committed, 0, read->floor});
}

}  // namespace squall::harness::explore
