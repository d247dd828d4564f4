// Core::image and Core::of_image: which of the core's fields its future depends on.
//
// Left out, and why: the time and everything drawn from it (the owner of the clock decides when a
// timer fires; of elapsed time only those thresholds are kept that decide what an input does), the
// counters of what was refused, the configuration (it follows from CoreConfig or the snapshot), and
// what is empty after take_ready. Ids of writes count from the last confirmed one.
#include "raft/image.hpp"

#include <algorithm>

#include "raft/core_impl.hpp"

namespace squall::raft {

auto image_members(image::Like<SnapshotTrace> auto& v) {
    return std::tie(v.installed, v.last, v.hash);
}

auto image_members(image::Like<SnapshotTransfer> auto& v) {
    return std::tie(v.snapshot, v.offset);
}

namespace {

/// How long ago, as far as it decides what an input does: not yet an interval, one, two or more.
std::uint64_t intervals_since(Time moment, Time now, Duration interval) {
    const Duration since = now - moment;
    return since >= 2 * interval ? 2U : since >= interval ? 1U : 0U;
}

Time intervals_ago(std::uint64_t intervals, Time now, Duration interval) {
    return now - static_cast<Duration::rep>(intervals) * interval;
}

}  // namespace

template <class Archive, class Self>
void Core::Impl::archive(Archive& archive, Self& self) {
    archive(self.hard_state_);
    archive(self.durable_hard_state_);
    Log::archive(archive, self.log_, self.confirmed_);
    archive(self.snapshot_);
    archive(self.commit_);
    archive(self.applied_);
    archive(self.role_);
    archive(self.leader_);
    archive(self.traced_role_.role);
    archive(self.traced_role_.term);
    archive(self.traced_role_.leader);
    archive(self.votes_);
    archive(self.term_start_);
    archive(self.uncommitted_bytes_);
    archive.each(self.reads_, [&](auto& read) {
        archive(read.id);
        archive(read.round);
        archive(read.index);
    });
    archive(self.reads_started_);
    archive(self.round_);
    archive.each(self.writes_, [&](auto& write) {
        archive.relative(write.id, self.confirmed_);
        archive(write.hard_state);
        archive(write.snapshot);
    });
    archive.relative(self.issued_, self.confirmed_);
    archive.relative(self.hard_state_write_, self.confirmed_);
    archive.maybe(self.incoming_, [&](auto& incoming) {
        archive(incoming.from);
        archive(incoming.last);
        archive(incoming.total);
        archive(incoming.data);
    });
    archive(self.installing_);
}

void Core::Impl::write_image(image::Writer& writer) const {
    ASSERT(out_.persist.empty() && out_.messages.empty() && out_.committed.empty());
    ASSERT(!pending_.snapshot && !pending_.hard_state && !log_.unwritten());
    archive(writer, *this);
    // Their order follows the names of nodes, and decides only in which order they leave.
    std::vector<std::string> held_messages;
    for (const Held& held : held_) {
        image::Writer held_writer(held_messages.emplace_back(), writer.names());
        held_writer.relative(held.after, confirmed_);
        held_writer(held.envelope);
    }
    std::sort(held_messages.begin(), held_messages.end());
    writer(held_messages);
    writer(now_ < sticky_until_);
    std::vector<const Progress*> peers;
    peers.reserve(peers_.size());
    for (const Progress& peer : peers_) {
        peers.push_back(&peer);
    }
    std::sort(peers.begin(), peers.end(), [&](const Progress* a, const Progress* b) {
        return writer.name(a->id) < writer.name(b->id);
    });
    const Duration interval = config_.heartbeat_interval;
    writer.each(peers, [&](const Progress* peer) {
        writer(peer->id);
        writer(peer->state);
        writer(peer->match);
        writer(peer->next);
        writer(peer->inflight);
        writer(peer->paused);
        writer(peer->round);
        writer(peer->transfer);
        writer.number(intervals_since(peer->progress_at, now_, interval));
        if (peer->transfer) {
            writer.number(intervals_since(peer->transfer->sent_at, now_, interval));
            writer.number(intervals_since(peer->transfer->rewound_at, now_, interval));
        }
    });
}

void Core::Impl::read_image(image::Reader& reader) {
    out_ = {};
    confirmed_ = 0;
    archive(reader, *this);
    std::vector<std::string> held_messages;
    reader(held_messages);
    held_.clear();
    for (const std::string& held : held_messages) {
        image::Reader held_reader(held);
        held_reader.relative(held_.emplace_back().after, 0);
        held_reader(held_.back().envelope);
    }
    bool sticky = false;
    reader(sticky);
    sticky_until_ = sticky ? now_ + config_.election_timeout_min : now_;
    const Duration interval = config_.heartbeat_interval;
    reader.each(peers_, [&](Progress& peer) {
        reader(peer.id);
        reader(peer.state);
        reader(peer.match);
        reader(peer.next);
        reader(peer.inflight);
        reader(peer.paused);
        reader(peer.round);
        reader(peer.transfer);
        peer.progress_at = intervals_ago(reader.number(), now_, interval);
        peer.contact = now_;
        if (peer.transfer) {
            peer.transfer->sent_at = intervals_ago(reader.number(), now_, interval);
            peer.transfer->rewound_at = intervals_ago(reader.number(), now_, interval);
        }
    });
    if (snapshot_.last.index > 0) {
        configuration_ = configuration_of(config_, snapshot_.voters);
    }
    restart_election_timer();
    heartbeat_at_ = now_ + config_.heartbeat_interval;
    quorum_check_at_ = now_ + config_.election_timeout_max;
    before_ = {hard_state_, role_, commit_, log_.last().index, applied_};
    check_invariants();
}

void Core::write_image(image::Writer& writer) const {
    impl_->write_image(writer);
}

Core Core::of_image(const CoreConfig& config, image::Reader& reader, Time now) {
    Core core(config, {}, 0, now);
    core.impl_->read_image(reader);
    return core;
}

}  // namespace squall::raft
