// The simulated cluster: starts and ends of nodes.
#include <utility>

#include "harness/sim/between.hpp"
#include "harness/sim/virtual_cluster.hpp"

namespace squall::harness::sim {

using raft::server::RequestToken;
using std::chrono::milliseconds;

namespace {

constexpr Duration restart_min = milliseconds(20);
constexpr Duration restart_max = milliseconds(100);

}  // namespace

void VirtualCluster::on(NodeStarts&& event) {
    Member& owner = member(event.node);
    if (event.order != owner.start_order || owner.node.up() || owner.broken) {
        return;
    }
    std::optional<VirtualNode::Refusal> refusal;
    if (!survives(owner, [&] { refusal = owner.node.start(now_); })) {
        return;
    }
    if (refusal) {
        refuse_to_start(owner, *refusal);
        return;
    }
    audit_.started(event.node, owner.node.incarnation(), owner.node.found());
    // The first step tells what recovery found.
    static_cast<void>(owner.node.offer(raft::server::TickInput{}));
    if (faults_.paused(event.node)) {
        owner.node.pause();
    }
    run_node(owner);
}

void VirtualCluster::crashed(Member& member, const NodeCrash& crash) {
    inputs_.emplace_back(NodeExited{
        .node = member.node.id(), .how = "signal 6 (Aborted)", .last_words = crash.last_words});
    member.broken = true;
    kill(member);
}

void VirtualCluster::order_start(Member& member, Duration delay) {
    events_.push(now_ + delay, NodeStarts{member.node.id(), ++member.start_order});
}

void VirtualCluster::kill(Member& member) {
    ++member.start_order;  // A start under way is killed, too.
    ++member.timer;
    member.timer_at = Time::max();
    member.free_awaited = false;
    member.node.kill(now_);
    if (const auto bit_flips = std::exchange(member.power_cut_due, std::nullopt)) {
        member.node.lose_power(now_);
        for (std::uint32_t i = 0; i < *bit_flips; ++i) {
            member.node.flip_a_bit();
        }
    }
    ledger_.node_died(now_, member.node.id());
    for (const RequestToken token : std::exchange(member.unanswered, {})) {
        answer(token, Lost{});
    }
    tell_changes(member);
}

/// Power that fails between two writes takes nothing, so it often waits for the next write and
/// fails at some moment of that.
void VirtualCluster::cut_power_soon(Member& member, std::uint32_t bit_flips) {
    const std::uint64_t bits = power_stream_.bits(member.node.id(), ++member.power_cuts);
    if (!member.node.running() || bits % 4 == 0) {
        cut_power(member, bit_flips);
        return;
    }
    member.power_cut_due = bit_flips;
    events_.push(now_ + power_cut_max, PowerFails{member.node.id(), member.node.incarnation()});
}

void VirtualCluster::on(PowerFails&& event) {
    Member& owner = member(event.node);
    if (owner.power_cut_due && event.incarnation == owner.node.incarnation()) {
        cut_power(owner, *owner.power_cut_due);
    }
}

void VirtualCluster::cut_power(Member& member, std::uint32_t bit_flips) {
    member.power_cut_due = bit_flips;
    kill(member);
}

/// A failed call is final: after a failed fsync nothing is known, and trying again would lie.
void VirtualCluster::die_of_disk(Member& member) {
    inputs_.emplace_back(NodeExited{.node = member.node.id(),
                                    .how = "its disk failed",
                                    .last_words = member.node.doom(),
                                    .by_fault = true});
    kill(member);
    restart(member);
}

void VirtualCluster::restart(Member& member) {
    const NodeId id = member.node.id();
    if (!faults_.down(id) && !member.node.up()) {
        const std::uint64_t bits = start_stream_.bits(id, member.start_order);
        order_start(member, between(bits, restart_min, restart_max));
    }
}

void VirtualCluster::refuse_to_start(Member& member, const VirtualNode::Refusal& refusal) {
    inputs_.emplace_back(NodeExited{.node = member.node.id(),
                                    .how = "refused to start",
                                    .last_words = refusal.problem,
                                    .by_fault = refusal.disk_error || member.node.disk().rotten(),
                                    .for_ever = !refusal.disk_error});
    if (refusal.disk_error) {
        restart(member);
    } else {
        member.broken = true;
    }
}

void VirtualCluster::resume(Member& member) {
    if (!member.node.up()) {
        return;
    }
    member.node.resume();
    if (!member.node.doom().empty()) {
        die_of_disk(member);
        return;
    }
    run_node(member);
    begin_write(member);
    if (!member.node.up()) {
        return;
    }
    set_timer(member);
    tell_changes(member);
}

}  // namespace squall::harness::sim
