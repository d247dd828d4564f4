// The simulated cluster: faults begin and end.
#include <utility>

#include "harness/sim/virtual_cluster.hpp"

namespace squall::harness::sim {

void VirtualCluster::inject(FaultId id, const nemesis::Fault& fault) {
    faults_.begin(id, fault);
    FaultLedger::Readings before = read(fault.action);
    const std::vector<NodeId> hit = take_hold(fault.action);
    ledger_.begin(now_, id, fault, hit, network_, std::move(before));
    inputs_.emplace_back(FaultBegun{id});
    if (const auto* links = std::get_if<nemesis::LinkFault>(&fault.action)) {
        refresh_links(*links);
    } else if (const auto* clocks = std::get_if<nemesis::ClockFault>(&fault.action)) {
        refresh_clocks(*clocks);
    } else if (const auto* disks = std::get_if<nemesis::DiskFault>(&fault.action)) {
        refresh_disks(*disks);
    }
}

std::vector<NodeId> VirtualCluster::take_hold(const nemesis::Action& action) {
    std::vector<NodeId> hit;
    if (const auto* killed = std::get_if<nemesis::KillFault>(&action)) {
        for (const NodeId id : killed->nodes) {
            if (member(id).node.up()) {
                hit.push_back(id);
            }
            kill(member(id));
        }
    } else if (const auto* off = std::get_if<nemesis::PowerFault>(&action)) {
        for (const NodeId id : off->nodes) {
            if (member(id).node.up()) {
                hit.push_back(id);
            }
            cut_power_soon(member(id), off->bit_flips);
        }
    } else if (const auto* paused = std::get_if<nemesis::PauseFault>(&action)) {
        for (const NodeId id : paused->nodes) {
            Member& target = member(id);
            if (target.node.running()) {
                hit.push_back(id);
                target.node.pause();
                tell_changes(target);
            }
        }
    }
    return hit;
}

void VirtualCluster::heal(FaultId id) {
    const auto found = faults_.active().find(id);
    if (found == faults_.active().end()) {
        return;
    }
    const nemesis::Action action = found->second.action;
    auto effect = ledger_.end(now_, id, network_, read(action));
    faults_.end(id);
    let_go(action);
    inputs_.emplace_back(FaultEnded{id, std::move(effect)});
}

void VirtualCluster::let_go(const nemesis::Action& action) {
    if (const auto* links = std::get_if<nemesis::LinkFault>(&action)) {
        refresh_links(*links);
    } else if (const auto* clocks = std::get_if<nemesis::ClockFault>(&action)) {
        refresh_clocks(*clocks);
    } else if (const auto* disks = std::get_if<nemesis::DiskFault>(&action)) {
        refresh_disks(*disks);
    } else if (const auto* off = std::get_if<nemesis::PowerFault>(&action)) {
        for (const NodeId id : off->nodes) {
            if (member(id).power_cut_due) {
                cut_power(member(id), *member(id).power_cut_due);
            }
            restart(member(id));
        }
    } else if (const auto* killed = std::get_if<nemesis::KillFault>(&action)) {
        for (const NodeId id : killed->nodes) {
            restart(member(id));
        }
    } else if (const auto* paused = std::get_if<nemesis::PauseFault>(&action)) {
        for (const NodeId id : paused->nodes) {
            if (!faults_.paused(id) && member(id).node.paused()) {
                resume(member(id));
            }
        }
    }
}

void VirtualCluster::refresh_links(const nemesis::LinkFault& fault) {
    for (const auto& [link, unused] : fault.rules) {
        network_.set_rule(link, faults_.rule(link), member(link.to).node.running());
    }
}

void VirtualCluster::refresh_clocks(const nemesis::ClockFault& fault) {
    for (const auto& [id, unused] : fault.rules) {
        Member& owner = member(id);
        owner.node.set_clock(now_, faults_.clock(id));
        if (owner.node.running()) {
            set_timer(owner);
        }
    }
}

void VirtualCluster::refresh_disks(const nemesis::DiskFault& fault) {
    for (const auto& [id, unused] : fault.rules) {
        Member& owner = member(id);
        await_disk(owner, owner.node.set_disk_rule(now_, faults_.disk(id)));
    }
}

FaultLedger::Readings VirtualCluster::read(const nemesis::Action& action) const {
    FaultLedger::Readings readings;
    if (const auto* clocks = std::get_if<nemesis::ClockFault>(&action)) {
        for (const auto& [id, unused] : clocks->rules) {
            readings.clocks.emplace(id, members_[id - 1].node.clock_reading());
        }
    } else if (const auto* disks = std::get_if<nemesis::DiskFault>(&action)) {
        for (const auto& [id, unused] : disks->rules) {
            readings.disks.emplace(id, members_[id - 1].node.disk().counters());
        }
    } else if (const auto* power = std::get_if<nemesis::PowerFault>(&action)) {
        for (const NodeId id : power->nodes) {
            readings.disks.emplace(id, members_[id - 1].node.disk().counters());
        }
    }
    return readings;
}

}  // namespace squall::harness::sim
