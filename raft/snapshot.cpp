// Snapshots (§7): log compaction, and their transfer in chunks to followers that need entries which
// are gone. A transfer is identified by sender and last entry; one chunk at a time is under way.
#include <algorithm>

#include "raft/assert.hpp"
#include "raft/core_impl.hpp"

namespace squall::raft {

void Core::Impl::on_snapshot_taken(Time now, Snapshot snapshot, std::uint64_t hash) {
    advance_clock(now);
    if (snapshot.last.index <= snapshot_.last.index) {
        return;  // Overtaken by one that a leader sent.
    }
    ASSERT(unchecked() || snapshot.last.index <= applied_);
    ASSERT(unchecked() || log_.term_at(snapshot.last.index) == snapshot.last.term);
    snapshot.voters = configuration_.voters();
    snapshot_ = snapshot;
    // A write of its own: what was appended before must precede it on the disk.
    cut_persist();
    pending_.snapshot = std::move(snapshot);
    pending_snapshot_ = SnapshotTrace{false, snapshot_.last, hash};
    log_.compact(log_.run_start(snapshot_.last.index,
                                config_.compaction_margin,
                                limits::compaction_margin_bytes) -
                 1);
    if (log_.base().index > 0) {
        pending_.compact_to = log_.base().index;
    }
    check_invariants();
}

void Core::Impl::start_snapshot(Progress& peer) {
    ASSERT(snapshot_.last.index >= log_.base().index);
    ASSERT(snapshot_.data != nullptr);
    peer.state = Progress::State::snapshot;
    peer.paused = false;
    peer.inflight.clear();
    send_chunk(peer.id, peer.transfer.emplace(SnapshotTransfer{snapshot_, 0, now_, now_}));
}

void Core::Impl::send_chunk(NodeId to, SnapshotTransfer& transfer) {
    transfer.sent_at = now_;
    SnapshotChunk chunk;
    chunk.term = hard_state_.term;
    chunk.last = transfer.snapshot.last;
    chunk.voters = transfer.snapshot.voters;
    chunk.offset = transfer.offset;
    chunk.total = transfer.snapshot.data->size();
    chunk.data = transfer.snapshot.data->substr(transfer.offset, config_.snapshot_chunk_bytes);
    send(to, std::move(chunk));
}

void Core::Impl::handle(NodeId from, const SnapshotReply& reply) {
    Progress* peer = heard_from(from, reply.term);
    if (peer == nullptr) {
        return;
    }
    if (reply.installed) {
        if (reply.match > log_.last().index) {
            ++refusals_.bad_content;
            return;
        }
        const bool moved = peer->matched(reply.match, now_);
        if (peer->needs_no_snapshot(log_.base().index)) {
            peer->start_probe(peer->match + 1);
        }
        if (moved) {
            advance_leader_commit();
        }
        return;
    }
    if (!peer->transfer) {
        return;
    }
    SnapshotTransfer& transfer = *peer->transfer;
    if (transfer.snapshot.last != reply.last || reply.offset > transfer.snapshot.data->size()) {
        return;
    }
    // An answer that wants the chunk under way is a duplicate of the one that caused it. One that
    // wants an earlier chunk is a duplicate or comes from a follower that restarted: believed, but
    // seldom, so that duplicates do not multiply.
    const bool rewind =
        reply.offset < transfer.offset && now_ - transfer.rewound_at >= config_.heartbeat_interval;
    if (rewind) {
        transfer.rewound_at = now_;
    }
    if (rewind || reply.offset > transfer.offset) {
        transfer.offset = reply.offset;
        send_chunk(peer->id, transfer);
    }
}

void Core::Impl::handle(NodeId from, const SnapshotChunk& chunk) {
    SnapshotReply reply;
    reply.term = hard_state_.term;
    reply.last = chunk.last;
    if (chunk.term < hard_state_.term) {
        send_after(term_durable(), from, reply);  // §5.1
        return;
    }
    if (!follow(from, chunk.term)) {
        return;
    }
    // §7, rule 6: with the snapshot's last entry in the log, there is nothing to install, and the
    // entries behind it stay. Nor is a snapshot older than what is committed here of any use.
    if (chunk.last.index <= commit_ || log_.term_at(chunk.last.index) == chunk.last.term) {
        incoming_.reset();
        advance_follower_commit(chunk.last.index);
        acknowledge_snapshot(from, chunk.last);
        return;
    }
    const bool same = incoming_ && incoming_->from == from && incoming_->last == chunk.last &&
                      incoming_->total == chunk.total;
    if (!same) {
        incoming_ = Incoming{from, chunk.last, chunk.total, {}};
    }
    if (chunk.offset == incoming_->data.size()) {
        incoming_->data.append(chunk.data);
    }
    if (incoming_->data.size() == incoming_->total) {
        Snapshot snapshot{chunk.last,
                          chunk.voters,
                          std::make_shared<const std::string>(std::move(incoming_->data))};
        incoming_.reset();
        if (config_.usable_snapshot && !config_.usable_snapshot(snapshot)) {
            ++refusals_.unusable_snapshots;
            return;  // The leader tries again, from its start.
        }
        install(std::move(snapshot));
        acknowledge_snapshot(from, chunk.last);
        return;
    }
    reply.term = hard_state_.term;
    reply.offset = incoming_->data.size();
    send_after(term_durable(), from, reply);
}

void Core::Impl::acknowledge_snapshot(NodeId to, LogId last) {
    SnapshotReply reply;
    reply.term = hard_state_.term;
    reply.last = last;
    reply.installed = true;
    reply.match = commit_;
    send_after(everything_durable(), to, reply);
}

void Core::Impl::install(Snapshot snapshot) {
    // §7: the log conflicts with the snapshot or ends before it, so all of it goes. The application
    // gets the snapshot once it is durable.
    cut_persist();
    const LogId last = snapshot.last;
    log_.reset(last);
    configuration_ = configuration_of(config_, snapshot.voters);
    snapshot_ = snapshot;
    installing_ = snapshot;
    pending_.snapshot = std::move(snapshot);
    pending_.discard_log = true;
    pending_snapshot_ = SnapshotTrace{true, last, 0};
    set_commit(last.index);
}

}  // namespace squall::raft
