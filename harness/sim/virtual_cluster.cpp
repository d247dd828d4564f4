#include "harness/sim/virtual_cluster.hpp"

#include <algorithm>
#include <utility>

#include "harness/sim/between.hpp"

namespace squall::harness::sim {

using std::chrono::milliseconds;

namespace {

constexpr Duration poll_interval = milliseconds(200);
constexpr Duration first_start_max = milliseconds(20);

}  // namespace

VirtualCluster::VirtualCluster(const Plan& plan,
                               TraceFeed& traces,
                               MessageLog& messages,
                               bool assertions_off)
    : traces_(traces),
      messages_(messages),
      client_stream_(plan.seed, "client-links"),
      start_stream_(plan.seed, "starts"),
      power_stream_(plan.seed, "power"),
      network_(plan.seed, plan.nodes) {
    for (NodeId id = 1; id <= plan.nodes; ++id) {
        members_.emplace_back(plan, id, assertions_off);
        order_start(members_.back(), between(start_stream_.bits(id, 0), {}, first_start_max));
    }
    events_.push(poll_interval, NodesPolled{});
}

void VirtualCluster::handle_next() {
    now_ = events_.next_time();
    std::visit([this](auto&& event) { on(std::forward<decltype(event)>(event)); }, events_.pop());
}

std::vector<Input> VirtualCluster::take_inputs() {
    return std::exchange(inputs_, {});
}

raft::Index VirtualCluster::highest_commit(std::span<const NodeId> without) const {
    raft::Index highest = 0;
    for (const Member& each : members_) {
        if (each.node.running() && std::ranges::count(without, each.node.id()) == 0) {
            highest = std::max(highest, each.node.status().commit);
        }
    }
    return highest;
}

std::optional<NodeId> VirtualCluster::behind(raft::Index index,
                                             std::span<const NodeId> without) const {
    for (const Member& each : members_) {
        if (each.node.running() && std::ranges::count(without, each.node.id()) == 0 &&
            each.node.status().applied < index) {
            return each.node.id();
        }
    }
    return std::nullopt;
}

void VirtualCluster::on(NodesPolled&&) {
    for (Member& each : members_) {
        tell(each);
    }
    events_.push(now_ + poll_interval, NodesPolled{});
}

void VirtualCluster::tell_changes(Member& member) {
    Told told;
    if (member.node.running()) {
        const raft::Status status = member.node.status();
        told = {.up = true, .role = status.role, .leader = status.leader};
    }
    if (told != member.told) {
        tell(member);
    }
}

void VirtualCluster::tell(Member& member) {
    Observed observed{.node = member.node.id(), .up = member.node.running(), .role = "unknown"};
    member.told = {};
    if (observed.up) {
        const raft::Status status = member.node.status();
        observed.role = raft::to_string(status.role);
        observed.term = status.term;
        observed.leader = status.leader;
        member.told = {.up = true, .role = status.role, .leader = status.leader};
    }
    inputs_.emplace_back(std::move(observed));
}

}  // namespace squall::harness::sim
