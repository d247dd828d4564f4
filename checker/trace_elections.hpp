// Two invariants about elections, over the traces of a cluster; parts of TraceChecker. Both are
// fed records in any order between nodes.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>

#include "checker/trace.hpp"
#include "checker/trace_invariant.hpp"

namespace squall::checker {

/// Leader completeness (§5.4): an entry that a leader of term t committed is in the log of the
/// leader of every later term.
class LeaderCompleteness {
  public:
    using TermAt = std::function<std::optional<std::uint64_t>(std::uint64_t index)>;

    /// `last` and `term_at`: of the log with which the node became leader of the term.
    void elected(const TraceRecord& record,
                 std::uint64_t term,
                 std::uint64_t last,
                 const TermAt& term_at);

    /// The leader of `term` committed up to `index`, whose entry is of `entry_term`.
    void committed(const TraceRecord& record,
                   std::uint64_t term,
                   std::uint64_t index,
                   std::uint64_t entry_term);

    [[nodiscard]] const TraceInvariant& invariant() const { return invariant_; }

  private:
    struct Leader {
        TraceEventId event;
        std::uint64_t last = 0;
    };

    struct Commit {
        TraceEventId event;
        std::uint64_t index = 0;
        std::uint64_t entry_term = 0;
    };

    TraceInvariant invariant_{"leader-completeness", "Leader Completeness (§5.4)", "leader"};
    std::map<std::uint64_t, Leader> leaders_;  ///< By term; the first of each.
    std::map<std::uint64_t, Commit> commits_;  ///< By term, the furthest of each.
};

/// Bounded term growth: no node begins one term after the other in which nobody else takes part,
/// which is what a node does that is cut off and does not ask first (pre-vote). Only terms count
/// that the candidate had on disk before it gave them up, so that a disk that hangs is no offence.
class TermGrowth {
  public:
    /// Such terms in a row that are still chance: a few requests for votes in a row get lost.
    static constexpr std::uint64_t lonely_terms_max = 8;

    /// `record`'s node became candidate of the term.
    void candidate(const TraceRecord& record, std::uint64_t term);

    /// The term is durable on `record`'s node.
    void durable(const TraceRecord& record, std::uint64_t term);

    [[nodiscard]] TraceInvariant invariant() const;

  private:
    struct Candidacy {
        std::uint64_t incarnation = 0;
        std::uint64_t term = 0;
        bool durable = false;
    };

    struct Participants {
        NodeId first = 0;
        bool several = false;
    };

    bool seen_ = false;
    std::map<NodeId, Candidacy> current_;
    /// Candidacies that ended without a leader, by node and term: where that came to light.
    std::map<NodeId, std::map<std::uint64_t, TraceEventId>> given_up_;
    std::map<std::uint64_t, Participants> participants_;  ///< By term.
};

}  // namespace squall::checker
