// Invariants about commits over the traces of a cluster; parts of TraceChecker.
#pragma once

#include <cstdint>
#include <map>
#include <unordered_map>

#include "checker/trace.hpp"
#include "checker/trace_invariant.hpp"
#include "checker/trace_logs.hpp"

namespace squall::checker {

/// A leader's commit has its certificate (§5.3, §5.4.2): a majority of its configuration holds the
/// entry durably, by what those nodes say themselves, and with it one of the leader's own term; and
/// an index is committed with one entry.
class CommitCertificate {
  public:
    explicit CommitCertificate(TraceOrder order) : order_(order) {}

    /// The node's disk holds its log up to this index, or did.
    void durable(const TraceRecord& record, std::uint64_t index);

    /// The node found its log up to this index on its disk, or knows as a follower that it is
    /// committed: what it acknowledges of that need not be told again, for it may have been
    /// replaced by a snapshot before the write ended. Alone it binds nobody: some nodes tell no
    /// more.
    void reached(const TraceRecord& record, std::uint64_t index);

    /// `life.commit` is still the index before.
    void leader_commit(const TraceRecord& record,
                       const TracedLife& life,
                       const TraceCommit& commit);

    /// This entry is committed, since it was applied or stands below a leader's commit.
    void committed(const TraceEventId& event, std::uint64_t index, std::uint64_t term);

    /// What leaders claimed of nodes that told less in the end is a violation, too.
    [[nodiscard]] TraceInvariant invariant() const;

    /// But for those.
    [[nodiscard]] bool holds() const { return invariant_.holds(); }

  private:
    struct Entry {
        std::uint64_t term = 0;
        TraceEventId event;
    };

    /// An index of a node's log, and who spoke of it.
    struct Reach {
        std::uint64_t index = 0;
        TraceEventId event;
        bool told = false;  ///< Of a node's own: not only what it recovered.
    };

    void claim(const TraceEventId& event, NodeId node, std::uint64_t index);

    static void compare(TraceInvariant& invariant,
                        NodeId node,
                        const Reach& claimed,
                        const Reach& durable);

    TraceOrder order_;
    TraceInvariant invariant_{
        "commit-certificate", "Commitment by a durable majority (§5.3, §5.4)", "leader's commit"};
    std::unordered_map<std::uint64_t, Entry> committed_;
    std::map<NodeId, Reach> durable_;  ///< The furthest that each node ever told.
    std::map<NodeId, Reach> claimed_;  ///< The furthest that a leader ever claimed of each.
};

/// Commit and applied index never go back within a life (figure 2).
class MonotoneIndices {
  public:
    void commits(const TraceRecord& record, TracedLife& life, std::uint64_t index);
    void applies(const TraceRecord& record, TracedLife& life, std::uint64_t first);
    void installs(const TraceRecord& record, TracedLife& life, std::uint64_t index);

    [[nodiscard]] const TraceInvariant& invariant() const { return invariant_; }

  private:
    TraceInvariant invariant_{
        "monotone-commit-and-applied", "Monotone commitIndex and lastApplied (figure 2)", "commit"};
};

}  // namespace squall::checker
