#include <algorithm>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "checker/trace.hpp"
#include "checker/trace_elections.hpp"
#include "checker/trace_invariant.hpp"
#include "history/random.hpp"

namespace squall::checker {

namespace {

using Index = std::uint64_t;
using Term = std::uint64_t;

struct PairHash {
    std::size_t operator()(const std::pair<std::uint64_t, std::uint64_t>& pair) const {
        return history::mix(history::mix(pair.first) ^ pair.second);
    }
};

/// What is known of a node's in-memory log: the terms of a contiguous stretch of it.
class LogModel {
  public:
    void reset(Index index, Term term) {
        first_ = index;
        terms_.assign(1, term);
    }

    [[nodiscard]] Index first() const { return first_; }

    [[nodiscard]] Index end() const { return first_ + terms_.size(); }

    [[nodiscard]] std::optional<Term> term_at(Index index) const {
        return index < first_ || index >= end() ? std::nullopt
                                                : std::optional{terms_[index - first_]};
    }

    /// For an index in [first, end).
    [[nodiscard]] Term term_within(Index index) const { return terms_[index - first_]; }

    void append(const TraceAppend& append) {
        if (terms_.empty() || append.first < first_ || append.first > end()) {
            first_ = append.first;
            terms_.clear();
        }
        terms_.resize(append.first - first_);
        terms_.insert(terms_.end(), append.terms.begin(), append.terms.end());
    }

  private:
    Index first_ = 0;
    std::vector<Term> terms_;
};

struct Node {
    // Lasts over restarts.
    TraceHardState durable;
    // Of this incarnation.
    std::uint64_t incarnation = 0;
    bool started = false;
    LogModel log;
    Index commit = 0;
    bool committed_since_append = false;
    bool leads = false;
    Index applied = 0;
    /// Entries by index whose predecessor's term only its application will tell.
    std::map<Index, Term> unconfirmed;
};

}  // namespace

class TraceChecker::Impl {
  public:
    bool add(const TraceRecord& record) {
        Node& node = nodes_[record.node];
        if (!node.started || record.incarnation != node.incarnation) {
            Node fresh;
            fresh.durable = node.durable;
            fresh.incarnation = record.incarnation;
            fresh.started = true;
            node = std::move(fresh);
        }
        std::visit([&](const auto& body) { handle(record, node, body); }, record.body);
        return std::all_of(all_.begin(), all_.end(), [](const TraceInvariant* invariant) {
            return invariant->holds();
        });
    }

    [[nodiscard]] std::vector<Check> results() const {
        std::vector<Check> checks;
        checks.reserve(all_.size());
        for (const TraceInvariant* invariant : all_) {
            checks.push_back(invariant->check());
        }
        checks.push_back(term_growth_.invariant().check());
        return checks;
    }

  private:
    void handle(const TraceRecord& record, Node& node, const TraceInit& init) {
        hard_state(record, node, {init.term, init.vote}, "recovered");
        node.log.reset(init.last_index, init.last_term);
        node.commit = init.snapshot_index;
        node.applied = init.snapshot_index;
        if (init.snapshot_index > 0) {
            applied(record, init.snapshot_index, init.snapshot_term, init.hash);
        }
    }

    void handle(const TraceRecord& record, Node& node, const TraceHardState& state) {
        hard_state(record, node, state, "made durable");
    }

    void hard_state(const TraceRecord& record,
                    Node& node,
                    const TraceHardState& state,
                    const char* what) {
        durable_hard_state_.seen();
        const TraceHardState& before = node.durable;
        if (state.term < before.term) {
            durable_hard_state_.violate(record,
                                        fmt::format("n{} {} term {} after term {} had been durable",
                                                    record.node,
                                                    what,
                                                    state.term,
                                                    before.term));
        } else if (state.term == before.term && before.vote != 0 && state.vote != before.vote) {
            durable_hard_state_.violate(
                record,
                fmt::format("n{} {} {} in term {} after its vote for n{} had been durable",
                            record.node,
                            what,
                            state.vote == 0 ? "no vote" : fmt::format("a vote for n{}", state.vote),
                            state.term,
                            before.vote));
        }
        node.durable = state;
        term_growth_.durable(record, state.term);
        vote_once_.seen();
        if (state.vote == 0) {
            return;
        }
        const auto [vote, first] = votes_.try_emplace({state.term, record.node}, state.vote);
        if (!first && vote->second != state.vote) {
            vote_once_.violate(record,
                               fmt::format("n{} voted for n{} and for n{} in term {}",
                                           record.node,
                                           vote->second,
                                           state.vote,
                                           state.term));
        }
    }

    void handle(const TraceRecord& record, Node& node, const TraceRole& role) {
        if (role.role == "candidate") {
            term_growth_.candidate(record, role.term);
        }
        node.leads = role.role == "leader";
        if (node.leads || role.leader != 0) {
            claim(record, role.term, node.leads ? record.node : role.leader);
        }
        if (!node.leads) {
            return;
        }
        if (node.log.end() > 0) {
            leader_completeness_.elected(
                record, role.term, node.log.end() - 1, [&node](Index index) {
                    return node.log.term_at(index);
                });
        }
        election_safety_.seen();
    }

    /// Election safety: a term has one leader, be it that it says so itself or that a follower
    /// does.
    void claim(const TraceRecord& record, Term term, NodeId leader) {
        const auto [known, first] = leaders_.try_emplace(term, Claim{leader, record.node});
        if (first || known->second.leader == leader) {
            return;
        }
        const auto words = [](const Claim& claim) {
            return claim.by == claim.leader
                       ? fmt::format("n{}", claim.leader)
                       : fmt::format("n{} (as n{} believed)", claim.leader, claim.by);
        };
        election_safety_.violate(record,
                                 fmt::format("{} and {} both led term {}",
                                             words(known->second),
                                             words(Claim{leader, record.node}),
                                             term));
    }

    void handle(const TraceRecord& record, Node& node, const TraceAppend& append) {
        if (node.leads) {
            leader_append_only_.seen();
            if (append.first < node.log.end()) {
                leader_append_only_.violate(
                    record,
                    fmt::format("n{} led and replaced its own entries from index {} on",
                                record.node,
                                append.first));
            }
        }
        node.log.append(append);
        node.unconfirmed.erase(node.unconfirmed.lower_bound(append.first), node.unconfirmed.end());
        // A follower that received a snapshot moves its commit index there and replaces its log at
        // once, but the trace tells of the snapshot only when it is durable. Right after a move of
        // the commit index the model's entry there may thus be the one that was replaced.
        const bool doubtful = node.committed_since_append && append.first == node.commit + 1 &&
                              node.applied < node.commit;
        node.committed_since_append = false;
        for (std::size_t i = 0; i < append.terms.size(); ++i) {
            const Index index = append.first + i;
            if (i == 0 && doubtful) {
                node.unconfirmed[index] = append.terms[i];
            } else if (const auto before = node.log.term_at(index - 1)) {
                follows(record, index, append.terms[i], *before);
            }
        }
    }

    /// Log matching, one step: the entry (index, term) has the same predecessor everywhere. By
    /// induction two logs that hold it agree on all that precedes it.
    void follows(const TraceRecord& record, Index index, Term term, Term before) {
        log_matching_.seen();
        const auto [known, first] =
            predecessors_.try_emplace({index, term}, std::pair{before, record.node});
        if (!first && known->second.first != before) {
            log_matching_.violate(
                record,
                fmt::format("entry {} of term {} follows an entry of term {} on n{} but of "
                            "term {} on n{}",
                            index,
                            term,
                            before,
                            record.node,
                            known->second.first,
                            known->second.second));
        }
    }

    void handle(const TraceRecord& /*record*/, Node& /*node*/, const TraceDurable& /*durable*/) {}

    void handle(const TraceRecord& record, Node& node, const TraceCommit& commit) {
        monotone_.seen();
        if (commit.index < node.commit) {
            monotone_.violate(record,
                              fmt::format("the commit index of n{} went from {} back to {}",
                                          record.node,
                                          node.commit,
                                          commit.index));
        }
        if (!commit.match.empty()) {
            certify(record, node, commit);
        }
        node.commit = std::max(node.commit, commit.index);
        node.committed_since_append = true;
    }

    /// A leader's commit: a majority holds the entry durably, and no other entry was ever committed
    /// or applied at an index that it covers.
    void certify(const TraceRecord& record, const Node& node, const TraceCommit& commit) {
        commit_certificate_.seen();
        std::map<NodeId, Index> match = commit.match;
        match.try_emplace(record.node, commit.index);
        const auto holders = std::count_if(match.begin(), match.end(), [&](const auto& entry) {
            return entry.second >= commit.index;
        });
        if (2 * static_cast<std::size_t>(holders) <= match.size()) {
            commit_certificate_.violate(
                record,
                fmt::format("n{} committed index {} in term {}, which only {} of {} nodes "
                            "were known to hold durably",
                            record.node,
                            commit.index,
                            commit.term,
                            holders,
                            match.size()));
        }
        // What a leader commits lies above every snapshot that it received, so that its log here is
        // as the trace tells it.
        if (const auto term = node.log.term_at(commit.index)) {
            leader_completeness_.committed(record, commit.term, commit.index, *term);
        }
        const Index end = std::min(commit.index + 1, node.log.end());
        for (Index index = std::max(node.commit + 1, node.log.first()); index < end; ++index) {
            committed(record, index, node.log.term_within(index));
        }
    }

    void committed(const TraceRecord& record, Index index, Term term) {
        const auto [known, first] = committed_.try_emplace(index, std::pair{term, record.node});
        if (!first && known->second.first != term) {
            commit_certificate_.violate(
                record,
                fmt::format("index {} was committed with an entry of term {} on n{} and of "
                            "term {} on n{}",
                            index,
                            known->second.first,
                            known->second.second,
                            term,
                            record.node));
        }
    }

    void handle(const TraceRecord& record, Node& node, const TraceApply& apply) {
        monotone_.seen();
        if (apply.first <= node.applied) {
            monotone_.violate(record,
                              fmt::format("n{} applied index {} after it had applied index {}",
                                          record.node,
                                          apply.first,
                                          node.applied));
        }
        const std::size_t count = std::min(apply.terms.size(), apply.hashes.size());
        for (std::size_t i = 0; i < count; ++i) {
            const Index index = apply.first + i;
            committed(record, index, apply.terms[i]);
            applied(record, index, apply.terms[i], apply.hashes[i]);
            confirm(record, node, index, apply.terms[i]);
        }
        if (count > 0) {
            node.applied = std::max(node.applied, apply.first + count - 1);
        }
    }

    void handle(const TraceRecord& record, Node& node, const TraceSnapshot& snapshot) {
        applied(record, snapshot.index, snapshot.term, snapshot.hash);
        if (!snapshot.installed) {
            return;
        }
        monotone_.seen();
        if (snapshot.index < node.applied) {
            monotone_.violate(
                record,
                fmt::format("n{} installed a snapshot up to index {} after it had applied "
                            "index {}",
                            record.node,
                            snapshot.index,
                            node.applied));
        }
        confirm(record, node, snapshot.index, snapshot.term);
        node.applied = std::max(node.applied, snapshot.index);
        node.commit = std::max(node.commit, snapshot.index);
        node.log.reset(snapshot.index, snapshot.term);
    }

    void applied(const TraceRecord& record, Index index, Term term, std::uint64_t hash) {
        applied_hash_.seen();
        const auto [known, first] =
            applied_.try_emplace(index, Applied{term, hash, record.node, record.incarnation});
        const Applied& other = known->second;
        if (!first && (other.term != term || other.hash != hash)) {
            applied_hash_.violate(
                record,
                fmt::format("at index {} n{} (life {}) had applied term {} hash {:016x}, but n{} "
                            "term {} hash {:016x}",
                            index,
                            other.node,
                            other.incarnation,
                            other.term,
                            other.hash,
                            record.node,
                            term,
                            hash));
        }
    }

    /// The node's entry at this index certainly has this term: what was appended after it in doubt
    /// can be judged.
    void confirm(const TraceRecord& record, Node& node, Index index, Term term) {
        const auto found = node.unconfirmed.find(index + 1);
        if (found != node.unconfirmed.end()) {
            follows(record, found->first, found->second, term);
        }
        node.unconfirmed.erase(node.unconfirmed.begin(), node.unconfirmed.upper_bound(index + 1));
    }

    struct Claim {
        NodeId leader = 0;
        NodeId by = 0;  ///< Who said so first.
    };

    struct Applied {
        Term term = 0;
        std::uint64_t hash = 0;
        NodeId node = 0;
        std::uint64_t incarnation = 0;
    };

    TraceInvariant election_safety_{"election-safety", "leader"};
    TraceInvariant vote_once_{"vote-once", "vote"};
    TraceInvariant durable_hard_state_{"durable-hard-state", "durable term"};
    TraceInvariant log_matching_{"log-matching", "append"};
    TraceInvariant commit_certificate_{"commit-certificate", "leader's commit"};
    TraceInvariant applied_hash_{"applied-hash", "applied entry"};
    TraceInvariant monotone_{"monotone-commit-and-applied", "commit"};
    TraceInvariant leader_append_only_{"leader-append-only", "leader's append"};
    LeaderCompleteness leader_completeness_;
    TermGrowth term_growth_;
    const std::vector<const TraceInvariant*> all_{&election_safety_,
                                                  &vote_once_,
                                                  &durable_hard_state_,
                                                  &log_matching_,
                                                  &commit_certificate_,
                                                  &applied_hash_,
                                                  &monotone_,
                                                  &leader_append_only_,
                                                  &leader_completeness_.invariant()};

    std::map<NodeId, Node> nodes_;
    std::map<Term, Claim> leaders_;
    std::map<std::pair<Term, NodeId>, NodeId> votes_;
    /// By (index, term): the term of the entry before, and who said so first.
    std::unordered_map<std::pair<Index, Term>, std::pair<Term, NodeId>, PairHash> predecessors_;
    std::unordered_map<Index, std::pair<Term, NodeId>> committed_;
    std::unordered_map<Index, Applied> applied_;
};

TraceChecker::TraceChecker() : impl_(std::make_unique<Impl>()) {}

TraceChecker::~TraceChecker() = default;
TraceChecker::TraceChecker(TraceChecker&&) noexcept = default;
TraceChecker& TraceChecker::operator=(TraceChecker&&) noexcept = default;

bool TraceChecker::add(const TraceRecord& record) {
    return impl_->add(record);
}

std::vector<Check> TraceChecker::results() const {
    return impl_->results();
}

}  // namespace squall::checker
