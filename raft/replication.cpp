// Log replication (§5.3): pipelined, batched appends; heartbeats that also notice what was lost.
#include <algorithm>

#include "raft/assert.hpp"
#include "raft/core_impl.hpp"

namespace squall::raft {

std::optional<ProposeError> Core::Impl::propose(Time now,
                                                std::vector<std::string> commands,
                                                LogId* first) {
    advance_clock(now);
    ASSERT(!commands.empty());
    if (role_ != Role::leader) {
        return ProposeError::not_leader;
    }
    std::size_t bytes = 0;
    for (const std::string& command : commands) {
        if (command.size() > max_command_bytes) {
            return ProposeError::overloaded;
        }
        bytes += cost_of(command.size());
    }
    // A proposal that exceeds the limit by itself passes when nothing else is under way.
    if (uncommitted_bytes_ > 0 && uncommitted_bytes_ + bytes > config_.max_uncommitted_bytes) {
        return ProposeError::overloaded;
    }
    std::vector<Entry> entries;
    entries.reserve(commands.size());
    for (std::string& command : commands) {
        const Index index = log_.last().index + 1 + entries.size();
        entries.push_back({hard_state_.term, index, EntryKind::command, std::move(command)});
    }
    *first = entries.front().id();
    append(std::move(entries));
    check_invariants();
    return std::nullopt;
}

void Core::Impl::append(std::vector<Entry> entries) {
    AppendTrace trace;
    trace.first = entries.front().index;
    for (Entry& entry : entries) {
        trace.terms.push_back(entry.term);
        if (role_ == Role::leader) {
            uncommitted_bytes_ += cost_of(entry.data.size());
        }
        ASSERT(unchecked() || entry.term >= log_.last().term);
        log_.append(std::move(entry));
    }
    out_.trace.emplace_back(std::move(trace));
}

bool Core::Impl::follow(NodeId from, Term term) {
    // §5.2: one leader per term, so a second one in this term is nonsense, not a rival.
    const bool current = term == hard_state_.term;
    if (config_.bugs.has(zoo::Bug::candidate_ignores_same_term_ae) && current &&
        (role_ == Role::candidate || role_ == Role::pre_candidate)) {
        return false;
    }
    if (current && (role_ == Role::leader || (leader_ != no_node && leader_ != from))) {
        ++refusals_.contradictory;
        return false;
    }
    become_follower(term, from);
    restart_election_timer();
    sticky_until_ = now_ + config_.election_timeout_min;
    return true;
}

void Core::Impl::handle(NodeId from, const AppendRequest& request) {
    if (request.term < hard_state_.term && !config_.bugs.has(zoo::Bug::stale_leader_ae_accepted)) {
        // §5.1: a deposed leader learns of the newer term. So does a working one whose follower
        // once campaigned in vain: it steps down, since the follower could never rejoin otherwise.
        reject(from, request);
        return;
    }
    if (!follow(from, request.term)) {
        return;
    }
    // §5.3: the consistency check. Entries up to commit agree with every later leader's (§5.4.3),
    // whether they are still kept or not: whoever contradicts them is no correct leader.
    const std::optional<Term> previous = log_.term_at(request.previous.index);
    if (request.previous.index <= commit_) {
        if (previous && *previous != request.previous.term) {
            ++refusals_.contradictory;
            return;
        }
    } else if (previous != request.previous.term) {
        reject(from, request);
        return;
    }
    if (!merge(request)) {
        return;
    }
    const Index matched = request.previous.index + request.entries.size();
    if (config_.bugs.has(zoo::Bug::commit_no_min)) {
        advance_follower_commit(request.commit);
    } else {
        advance_follower_commit(std::min(request.commit, matched));
    }
    AppendReply reply;
    reply.term = hard_state_.term;
    reply.success = true;
    reply.previous = request.previous.index;
    reply.match = std::max(matched, commit_);
    send_after(everything_durable(), from, reply);
}

bool Core::Impl::merge(const AppendRequest& request) {
    // §5.3: only a conflict deletes entries. An old, short request that arrives late finds its
    // entries in place and deletes nothing.
    std::size_t known = 0;
    for (const Entry& entry : request.entries) {
        const std::optional<Term> term = log_.term_at(entry.index);
        if (entry.index <= commit_) {
            if (term && *term != entry.term) {
                ++refusals_.contradictory;  // Of what is committed: not from a correct leader.
                return false;
            }
        } else if (term != entry.term) {
            break;
        }
        ++known;
    }
    if (known == request.entries.size()) {
        return true;
    }
    const Index from = request.entries[known].index;
    if (from <= log_.last().index) {
        ASSERT(unchecked() || from > commit_);
        log_.truncate_from(from);
    }
    append({request.entries.begin() + static_cast<std::ptrdiff_t>(known), request.entries.end()});
    return true;
}

void Core::Impl::reject(NodeId to, const AppendRequest& request) {
    AppendReply reply;
    reply.term = hard_state_.term;
    reply.previous = request.previous.index;
    // §5.3, fast backtracking: name the conflicting term and its first entry here, but never go
    // below commit, where no conflict can be.
    const Index previous = request.previous.index;
    if (previous > log_.last().index) {
        reply.conflict = {0, log_.last().index + 1};
    } else if (previous > commit_) {
        const Index first = std::max(log_.first_of_term(previous), commit_ + 1);
        reply.conflict = {log_.at(previous).term, first};
    }
    send_after(term_durable(), to, reply);
}

Progress* Core::Impl::heard_from(NodeId from, Term term) {
    if (term > hard_state_.term) {
        become_follower(term, no_node);  // §5.1
        return nullptr;
    }
    // Replies of earlier terms speak of another leadership, even if it was this server's.
    if (term < hard_state_.term || role_ != Role::leader) {
        return nullptr;
    }
    Progress* peer = find_peer(from);
    if (peer != nullptr) {
        peer->contact = now_;
    }
    return peer;
}

Progress* Core::Impl::find_peer(NodeId node) {
    const auto peer = std::find_if(
        peers_.begin(), peers_.end(), [node](const Progress& p) { return p.id == node; });
    return peer == peers_.end() ? nullptr : &*peer;
}

void Core::Impl::handle(NodeId from, const AppendReply& reply) {
    Progress* peer = heard_from(from, reply.term);
    if (peer == nullptr) {
        return;
    }
    if (!reply.success) {
        back_up(*peer, reply);
        return;
    }
    if (reply.match > log_.last().index) {
        ++refusals_.bad_content;  // Nobody can match more than there is.
        return;
    }
    // What matches is what the reply says, not what was sent last: replies arrive in any order.
    const bool moved = peer->matched(reply.match, now_);
    if (peer->state == Progress::State::probe || peer->needs_no_snapshot(log_.base().index)) {
        peer->start_replicate();
    }
    if (moved) {
        advance_leader_commit();
    }
}

void Core::Impl::back_up(Progress& peer, const AppendReply& reply) {
    // Rejections may be late, too: one at or below match was overtaken by a success, and while
    // probing only the answer to the latest probe counts.
    const bool stale = reply.previous <= peer.match || reply.previous >= peer.next ||
                       (peer.state == Progress::State::probe && reply.previous != peer.next - 1) ||
                       peer.state == Progress::State::snapshot;
    if (stale) {
        return;
    }
    // §5.3: with entries of the conflicting term, retry behind the last of them; without, skip the
    // follower's whole run of that term.
    Index next = reply.conflict.index;
    const Index candidate = log_.last_up_to_term(reply.conflict.term, reply.previous - 1);
    if (reply.conflict.term != 0 && log_.term_at(candidate) == reply.conflict.term) {
        next = candidate + 1;
    }
    if (config_.bugs.has(zoo::Bug::backtrack_livelock) && reply.conflict.term != 0) {
        next = reply.previous + 1;
        peer.start_probe(next);
        return;
    }
    peer.start_probe(std::clamp(next, peer.match + 1, reply.previous));
}

void Core::Impl::send_appends(Progress& peer) {
    for (;;) {
        const bool probing = peer.state == Progress::State::probe;
        if (peer.state == Progress::State::snapshot || peer.paused ||
            (!probing && (peer.next > log_.last().index ||
                          peer.inflight.size() >= config_.max_inflight_messages))) {
            return;
        }
        const std::optional<Term> previous_term = log_.term_at(peer.next - 1);
        if (!previous_term && config_.bugs.has(zoo::Bug::purged_stuck)) {
            return;
        }
        if (!previous_term) {
            start_snapshot(peer);  // §7: the entries it needs are gone.
            return;
        }
        const Index end = log_.batch_end(peer.next, config_.max_append_bytes);
        AppendRequest request;
        request.term = hard_state_.term;
        request.previous = {*previous_term, peer.next - 1};
        request.entries = log_.slice(peer.next, end);
        request.commit = commit_;
        send(peer.id, std::move(request));
        if (probing) {
            peer.paused = true;
            peer.progress_at = now_;
            return;
        }
        if (peer.inflight.empty()) {
            peer.progress_at = now_;
        }
        peer.inflight.push_back(end);
        peer.next = end + 1;
    }
}

void Core::Impl::send_heartbeats() {
    heartbeat_at_ = now_ + config_.heartbeat_interval;
    for (const Progress& peer : peers_) {
        // §5.3: a follower may commit only what it is known to have in common with the leader.
        const bool unchecked_match = config_.bugs.has(zoo::Bug::heartbeat_no_prev);
        const Index commit = unchecked_match ? commit_ : std::min(commit_, peer.match);
        send(peer.id, Heartbeat{hard_state_.term, commit, round_});
    }
}

void Core::Impl::handle(NodeId from, const Heartbeat& heartbeat) {
    if (heartbeat.term < hard_state_.term) {
        send_after(term_durable(), from, HeartbeatReply{hard_state_.term, 0});
        return;
    }
    if (!follow(from, heartbeat.term)) {
        return;
    }
    if (heartbeat.commit <= log_.last().index) {
        advance_follower_commit(heartbeat.commit);
    }
    send_after(term_durable(), from, HeartbeatReply{hard_state_.term, heartbeat.round});
}

void Core::Impl::handle(NodeId from, const HeartbeatReply& reply) {
    Progress* peer = heard_from(from, reply.term);
    if (peer == nullptr) {
        return;
    }
    if (reply.round > peer->round && reply.round <= round_) {
        peer->round = reply.round;
        confirm_reads();
    }
    // The follower is alive. If nothing moved for a while, what was sent to it was lost: send it
    // again. Time, not the number of replies, decides, so duplicates cause no storm.
    const Duration silence = now_ - peer->progress_at;
    switch (peer->state) {
        case Progress::State::probe:
            if (silence >= config_.heartbeat_interval) {
                peer->paused = false;
            }
            break;
        case Progress::State::replicate:
            if (!peer->inflight.empty() && silence >= 2 * config_.heartbeat_interval) {
                peer->start_probe(peer->match + 1);
            }
            break;
        case Progress::State::snapshot:
            if (peer->transfer &&
                now_ - peer->transfer->sent_at >= 2 * config_.heartbeat_interval) {
                send_chunk(peer->id, *peer->transfer);
            }
            break;
    }
}

}  // namespace squall::raft
