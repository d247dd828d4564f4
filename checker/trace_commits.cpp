#include "checker/trace_commits.hpp"

#include <algorithm>
#include <functional>
#include <vector>

#include <fmt/format.h>

namespace squall::checker {

namespace {

/// The furthest index that a majority is known to hold. A leader that does not tell of itself holds
/// all that the others have.
std::uint64_t held_by_majority(NodeId leader, const TraceCommit& commit) {
    std::vector<std::uint64_t> held;
    held.reserve(commit.match.size() + 1);
    for (const auto& [node, index] : commit.match) {
        held.push_back(index);
    }
    if (!commit.match.contains(leader)) {
        held.push_back(*std::ranges::max_element(held));
    }
    const auto majority = held.begin() + static_cast<std::ptrdiff_t>(held.size() / 2);
    std::ranges::nth_element(held, majority, std::greater<>());
    return *majority;
}

}  // namespace

void CommitCertificate::durable(const TraceRecord& record, std::uint64_t index) {
    reached(record, index);
    durable_[record.node].told = true;
}

void CommitCertificate::reached(const TraceRecord& record, std::uint64_t index) {
    Reach& reach = durable_[record.node];
    if (index >= reach.index) {
        reach.index = index;
        reach.event = TraceEventId::of(record);
    }
}

void CommitCertificate::leader_commit(const TraceRecord& record,
                                      const TracedLife& life,
                                      const TraceCommit& commit) {
    invariant_.seen();
    const TraceEventId event = TraceEventId::of(record);
    std::size_t holders = 0;
    std::size_t voters = commit.match.size();
    for (const auto& [node, index] : commit.match) {
        holders += index >= commit.index ? 1U : 0U;
        claim(event, node, index);
    }
    if (!commit.match.contains(record.node)) {
        ++holders;
        ++voters;
    }
    const std::uint64_t held = held_by_majority(record.node, commit);
    const auto term_held = life.log.term_at(held);
    if (2 * holders <= voters) {
        invariant_.violate(event,
                           fmt::format("n{} committed index {} in term {}, which only {} of {} "
                                       "nodes were known to hold durably",
                                       record.node,
                                       commit.index,
                                       commit.term,
                                       holders,
                                       voters));
    } else if (term_held && *term_held < commit.term) {
        // Terms rise along a log: a majority holds nothing of the leader's own term.
        invariant_.violate(event,
                           fmt::format("n{} committed index {} in term {}, though of that term a "
                                       "majority was not known to hold anything, only up to index "
                                       "{} of term {} (§5.4.2: entries of earlier terms do not "
                                       "commit by counting)",
                                       record.node,
                                       commit.index,
                                       commit.term,
                                       held,
                                       *term_held));
    }
    const std::uint64_t end = std::min(commit.index + 1, life.log.end());
    for (std::uint64_t index = std::max(life.commit + 1, life.log.first()); index < end; ++index) {
        committed(event, index, life.log.term_within(index));
    }
}

void CommitCertificate::committed(const TraceEventId& event,
                                  std::uint64_t index,
                                  std::uint64_t term) {
    const auto [known, first] = committed_.try_emplace(index, Entry{term, event});
    if (!first && known->second.term != term) {
        invariant_.violate(event,
                           known->second.event,
                           fmt::format("index {} was committed with an entry of term {} on n{} and "
                                       "of term {} on n{}",
                                       index,
                                       known->second.term,
                                       known->second.event.node,
                                       term,
                                       event.node));
    }
}

void CommitCertificate::claim(const TraceEventId& event, NodeId node, std::uint64_t index) {
    Reach& claimed = claimed_[node];
    if (index <= claimed.index) {
        return;
    }
    claimed.index = index;
    claimed.event = event;
    if (order_ == TraceOrder::real) {
        compare(invariant_, node, claimed, durable_[node]);
    }
}

void CommitCertificate::compare(TraceInvariant& invariant,
                                NodeId node,
                                const Reach& claimed,
                                const Reach& durable) {
    if (claimed.index <= durable.index) {
        return;
    }
    const std::string sentence = fmt::format(
        "n{} counted on n{} for a durable log up to index {}, but that had told of {} "
        "at most",
        claimed.event.node,
        node,
        claimed.index,
        durable.index);
    if (durable.event.node == 0) {
        invariant.violate(claimed.event, sentence);
    } else {
        invariant.violate(claimed.event, durable.event, sentence);
    }
}

TraceInvariant CommitCertificate::invariant() const {
    TraceInvariant judged = invariant_;
    if (order_ == TraceOrder::real) {
        return judged;
    }
    for (const auto& [node, claimed] : claimed_) {
        const auto durable = durable_.find(node);
        if (durable != durable_.end() && durable->second.told) {
            compare(judged, node, claimed, durable->second);
        }
    }
    return judged;
}

void MonotoneIndices::commits(const TraceRecord& record, TracedLife& life, std::uint64_t index) {
    invariant_.seen();
    const TraceEventId event = TraceEventId::of(record);
    if (index < life.commit) {
        invariant_.violate(event,
                           life.committed_by,
                           fmt::format("the commit index of n{} went from {} back to {}",
                                       record.node,
                                       life.commit,
                                       index));
    }
    if (index >= life.commit) {
        life.commit = index;
        life.committed_by = event;
    }
}

void MonotoneIndices::applies(const TraceRecord& record, TracedLife& life, std::uint64_t first) {
    invariant_.seen();
    if (first <= life.applied) {
        invariant_.violate(TraceEventId::of(record),
                           life.applied_by,
                           fmt::format("n{} applied index {} after it had applied index {}",
                                       record.node,
                                       first,
                                       life.applied));
    }
}

void MonotoneIndices::installs(const TraceRecord& record, TracedLife& life, std::uint64_t index) {
    invariant_.seen();
    if (index < life.applied) {
        invariant_.violate(TraceEventId::of(record),
                           life.applied_by,
                           fmt::format("n{} installed a snapshot up to index {} after it had "
                                       "applied index {}",
                                       record.node,
                                       index,
                                       life.applied));
    }
}

}  // namespace squall::checker
