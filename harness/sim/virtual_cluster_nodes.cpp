// The simulated cluster: what nodes do by themselves - step, send, write, wait.
#include <algorithm>
#include <utility>

#include "harness/sim/between.hpp"
#include "harness/sim/client_requests.hpp"
#include "harness/sim/virtual_cluster.hpp"

namespace squall::harness::sim {

namespace {

std::uint64_t payload_of(const raft::Message& message) {
    std::uint64_t bytes = 0;
    if (const auto* append = std::get_if<raft::AppendRequest>(&message)) {
        for (const raft::Entry& entry : append->entries) {
            bytes += entry.data.size();
        }
    } else if (const auto* chunk = std::get_if<raft::SnapshotChunk>(&message)) {
        bytes = chunk->data.size();
    }
    return bytes;
}

}  // namespace

void VirtualCluster::run_node(Member& member) {
    VirtualNode& node = member.node;
    if (!node.running() || !node.has_input()) {
        return;
    }
    if (now_ >= node.busy_until()) {
        raft::server::Output output;
        ++core_steps_;
        if (!survives(member, [&] { output = node.step(now_); })) {
            return;
        }
        carry_out(member, std::move(output));
    }
    if (node.has_input() && !member.free_awaited && node.busy_until() != Time::max()) {
        member.free_awaited = true;
        events_.push(node.busy_until(), NodeFree{node.id(), node.incarnation()});
    }
}

void VirtualCluster::carry_out(Member& member, raft::server::Output&& output) {
    VirtualNode& node = member.node;
    audit_.asked(node.id(), node.asked());
    begin_write(member);
    if (!node.up()) {
        return;
    }
    traces_.add(node.id(), node.incarnation(), now_, std::move(output.trace));
    for (raft::Envelope& envelope : output.messages) {
        send(std::move(envelope));
    }
    for (raft::server::ClientReply& reply : output.replies) {
        member.unanswered.erase(reply.token);
        answer(reply.token, to_node_reply(std::move(reply.reply)), node.id());
    }
    set_timer(member);
    tell_changes(member);
}

void VirtualCluster::send(raft::Envelope&& envelope) {
    audit_.said(envelope);
    ++traffic_.messages;
    traffic_.payload_bytes += payload_of(envelope.message);
    const nemesis::Link link{.from = envelope.from, .to = envelope.to};
    const auto sent = network_.send(now_, link, member(envelope.to).node.running());
    const auto deliveries = sent.all();
    if (deliveries.empty()) {
        messages_.sent(now_, envelope, network_.cut(link) ? Fate::cut : Fate::dropped);
        return;
    }
    for (std::size_t i = 0; i + 1 < deliveries.size(); ++i) {
        const MessageLog::Id logged = messages_.sent(now_, envelope, Fate::under_way, true);
        events_.push(deliveries[i].at, MessageArrives{envelope, deliveries[i].era, logged});
    }
    const MessageLog::Id logged = messages_.sent(now_, envelope, Fate::under_way);
    events_.push(deliveries.back().at,
                 MessageArrives{std::move(envelope), deliveries.back().era, logged});
}

void VirtualCluster::begin_write(Member& member) {
    std::optional<Time> end;
    if (!survives(member, [&] { end = member.node.begin_write(now_); })) {
        return;
    }
    await_disk(member, end);
    if (end && member.power_cut_due) {
        const std::uint64_t bits = power_stream_.bits(member.node.id(), ++member.power_cuts);
        const Duration longest = std::min<Duration>(*end - now_, power_cut_max);
        events_.push(now_ + between(bits, {}, longest + Duration(1)),
                     PowerFails{member.node.id(), member.node.incarnation()});
    }
}

void VirtualCluster::await_disk(Member& member, std::optional<Time> end) {
    if (end && *end != Time::max()) {
        events_.push(*end, WriteEnds{member.node.id(), member.node.incarnation()});
    }
}

void VirtualCluster::set_timer(Member& member) {
    // A timer that fires too early only sets itself again, so a deadline that moves away, as it
    // does with every heartbeat, needs no event of its own.
    const Time deadline = member.node.next_deadline(now_);
    if (deadline < member.timer_at) {
        member.timer_at = deadline;
        events_.push(deadline, TimerFires{member.node.id(), ++member.timer});
    }
}

void VirtualCluster::on(MessageArrives&& event) {
    Member& receiver = member(event.envelope.to);
    const nemesis::Link link{.from = event.envelope.from, .to = event.envelope.to};
    const bool arrives = network_.arrives(link, event.era);
    messages_.ended(now_,
                    event.logged,
                    !arrives             ? Fate::cut
                    : receiver.node.up() ? Fate::arrived
                                         : Fate::nobody);
    if (!arrives || !receiver.node.up()) {
        return;
    }
    // A paused node's buffers take what fits; the rest is lost like on any broken connection.
    static_cast<void>(receiver.node.offer(raft::server::PeerInput{std::move(event.envelope)}));
    run_node(receiver);
}

void VirtualCluster::on(TimerFires&& event) {
    Member& owner = member(event.node);
    if (event.timer != owner.timer) {
        return;
    }
    owner.timer_at = Time::max();
    if (!owner.node.running()) {
        return;
    }
    if (owner.node.next_deadline(now_) > now_) {
        set_timer(owner);
        return;
    }
    static_cast<void>(owner.node.offer(raft::server::TickInput{}));
    run_node(owner);
}

void VirtualCluster::on(NodeFree&& event) {
    Member& owner = member(event.node);
    if (event.incarnation == owner.node.incarnation()) {
        owner.free_awaited = false;
        run_node(owner);
    }
}

void VirtualCluster::on(WriteEnds&& event) {
    Member& owner = member(event.node);
    if (event.incarnation != owner.node.incarnation() || !owner.node.up()) {
        return;
    }
    owner.node.end_write();
    if (owner.node.running() && !owner.node.doom().empty()) {
        die_of_disk(owner);
    } else if (owner.node.running()) {
        begin_write(owner);
        run_node(owner);
    }
}

}  // namespace squall::harness::sim
