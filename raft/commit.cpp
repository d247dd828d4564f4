// Committing entries (§5.3, §5.4.2).
#include <algorithm>

#include "raft/assert.hpp"
#include "raft/core_impl.hpp"

namespace squall::raft {

void Core::Impl::advance_leader_commit() {
    // Durable matches only: the leader counts itself as far as its own disk has confirmed.
    const Index index = configuration_.quorum_value([this](NodeId voter) {
        const Progress* peer = find_peer(voter);
        return peer == nullptr ? log_.durable() : peer->match;
    });
    // §5.4.2: only an entry of the current term commits by counting replicas; the ones before it
    // come along by log matching.
    if (index > commit_ &&
        (log_.term_at(index) == hard_state_.term || config_.bugs.has(zoo::Bug::commit_old_terms))) {
        set_commit(index);
    }
}

void Core::Impl::advance_follower_commit(Index index) {
    if (index > commit_) {
        set_commit(index);
    }
}

void Core::Impl::set_commit(Index index) {
    ASSERT(index > commit_);
    ASSERT(unchecked() || index <= log_.last().index);
    CommitTrace trace;
    trace.index = index;
    trace.term = hard_state_.term;
    if (role_ == Role::leader) {
        for (Index passed = commit_ + 1; passed <= index; ++passed) {
            uncommitted_bytes_ -= cost_of(log_.at(passed).data.size());
        }
        trace.match[config_.id] = log_.durable();
        for (const Progress& peer : peers_) {
            trace.match[peer.id] = peer.match;
        }
    }
    commit_ = index;
    out_.trace.emplace_back(std::move(trace));
}

std::vector<Entry> Core::Impl::take_committed() {
    // What is not durable here could be forgotten by a crash after the application saw it. While a
    // received snapshot is on its way to the disk, nothing before or after it is handed out.
    const Index end = std::min(commit_, log_.durable());
    if (installing_ || end <= applied_) {
        return {};
    }
    std::vector<Entry> entries = log_.slice(applied_ + 1, end);
    applied_ = end;
    return entries;
}

}  // namespace squall::raft
