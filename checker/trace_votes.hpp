// Invariants about terms, votes and leaders over the traces of a cluster; parts of TraceChecker.
#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "checker/trace.hpp"
#include "checker/trace_invariant.hpp"

namespace squall::checker {

/// Election safety (§5.2), for ever: a term has one leader, be it that it says so itself or that a
/// follower does.
class ElectionSafety {
  public:
    void role(const TraceRecord& record, const TraceRole& role);

    [[nodiscard]] const TraceInvariant& invariant() const { return invariant_; }

  private:
    struct Claim {
        NodeId leader = 0;
        TraceEventId by;  ///< Who said so first.
    };

    TraceInvariant invariant_{"election-safety", "Election Safety (§5.2)", "leader"};
    std::map<std::uint64_t, Claim> leaders_;  ///< By term.
};

/// What a node must never forget (§5.2, figure 2): its term, and its vote in that.
class DurableVotes {
  public:
    /// `what`: "made durable" or "recovered".
    void durable(const TraceRecord& record, const TraceHardState& state, const char* what);

    /// One vote per term and node, whatever happens in between.
    [[nodiscard]] const TraceInvariant& vote_once() const { return vote_once_; }

    /// Term and vote never go back, within a life and from one to the next.
    [[nodiscard]] const TraceInvariant& hard_state() const { return hard_state_; }

  private:
    struct Told {
        TraceHardState state;
        TraceEventId event;
    };

    struct Vote {
        NodeId to = 0;
        TraceEventId event;
    };

    TraceInvariant vote_once_{"vote-once", "One vote per term (§5.2)", "vote"};
    TraceInvariant hard_state_{
        "durable-hard-state", "Persistent currentTerm and votedFor (figure 2)", "durable term"};
    std::map<NodeId, Told> last_;
    std::map<std::pair<std::uint64_t, NodeId>, Vote> votes_;  ///< By term and voter.
};

}  // namespace squall::checker
