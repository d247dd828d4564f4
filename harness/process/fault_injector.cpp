#include "harness/process/fault_injector.hpp"

#include <algorithm>
#include <utility>

#include "harness/failure.hpp"

namespace squall::harness::process {

namespace {

bool holds(const std::vector<NodeId>& nodes, NodeId node) {
    return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
}

bool kills(const nemesis::Fault& fault, NodeId node) {
    const auto* kill = std::get_if<nemesis::KillFault>(&fault.action);
    return kill != nullptr && holds(kill->nodes, node);
}

bool pauses(const nemesis::Fault& fault, NodeId node) {
    const auto* pause = std::get_if<nemesis::PauseFault>(&fault.action);
    return pause != nullptr && holds(pause->nodes, node);
}

const std::vector<NodeId>& nodes_of(const nemesis::Fault& fault) {
    static const std::vector<NodeId> none;
    if (const auto* kill = std::get_if<nemesis::KillFault>(&fault.action)) {
        return kill->nodes;
    }
    if (const auto* pause = std::get_if<nemesis::PauseFault>(&fault.action)) {
        return pause->nodes;
    }
    return none;
}

using Effect = std::map<std::string, std::int64_t>;

/// Only what the fault's own rules can have done: another fault may rage on the same link.
Effect link_effect(const nemesis::LinkFault& fault,
                   const LinkReadings& before,
                   const LinkReadings& after) {
    Effect effect;
    const auto add = [&](const char* name, std::uint64_t from, std::uint64_t to) {
        effect[name] += static_cast<std::int64_t>(to - from);
    };
    for (const auto& [link, rule] : fault.rules) {
        const LinkCounters& a = before.at(link);
        const LinkCounters& b = after.at(link);
        if (rule.cut) {
            add("messages_cut", a.cut, b.cut);
        }
        if (rule.drop > 0) {
            add("messages_dropped", a.dropped, b.dropped);
        }
        if (rule.delay.count() > 0 || rule.jitter.count() > 0) {
            add("messages_delayed", a.delayed, b.delayed);
        }
        if (rule.duplicate > 0) {
            add("messages_duplicated", a.duplicated, b.duplicated);
        }
        if (rule.reorder > 0) {
            add("messages_reordered", a.reordered, b.reordered);
        }
    }
    return effect;
}

}  // namespace

FaultInjector::FaultInjector(FaultSurface surface) : surface_(std::move(surface)) {}

void FaultInjector::inject(FaultId id, const nemesis::Fault& fault) {
    if (std::holds_alternative<nemesis::DiskFault>(fault.action) ||
        std::holds_alternative<nemesis::PowerFault>(fault.action)) {
        throw Failure(fault.name + ": disks of real processes cannot be harmed yet");
    }
    Active& active = active_[id];
    active.fault = fault;
    begin_measuring_clocks(active);
    in_force_.begin(id, fault);
    for (const NodeId node : nodes_of(fault)) {
        if (surface_.up(node) && !(pauses(fault, node) && surface_.paused(node))) {
            active.awaited.insert(node);
        }
    }
    apply(fault, [this, id](LinkReadings readings) {
        active_.at(id).before = std::move(readings);
        begin_if_complete(id);
    });
}

void FaultInjector::heal(FaultId id) {
    const auto found = active_.find(id);
    if (found == active_.end()) {
        return;
    }
    Active& active = found->second;
    active.heal_wanted = true;
    if (!active.begun) {
        return;
    }
    in_force_.end(id);
    active.clocks = clock_effect(active);  // Before the clocks are set right.
    const nemesis::Fault fault = active.fault;
    apply(fault, [this, id](const LinkReadings& readings) { end(id, readings); });
}

void FaultInjector::apply(const nemesis::Fault& fault,
                          std::function<void(LinkReadings)> links_done) {
    if (const auto* links = std::get_if<nemesis::LinkFault>(&fault.action)) {
        std::map<nemesis::Link, nemesis::LinkRule> rules;
        for (const auto& [link, rule] : links->rules) {
            rules.emplace(link, in_force_.rule(link));
        }
        surface_.apply_links(std::move(rules), std::move(links_done));
        return;
    }
    if (const auto* clocks = std::get_if<nemesis::ClockFault>(&fault.action)) {
        for (const auto& [node, rule] : clocks->rules) {
            surface_.set_clock(node, in_force_.clock(node));
        }
    }
    for (const NodeId node : nodes_of(fault)) {
        surface_.want(node, in_force_.down(node), in_force_.paused(node));
    }
    links_done({});
}

void FaultInjector::begin_if_complete(FaultId id) {
    Active& active = active_.at(id);
    if (active.begun || !active.awaited.empty()) {
        return;
    }
    active.begun = true;
    surface_.report(FaultBegun{id});
    if (active.heal_wanted) {
        heal(id);
    }
}

void FaultInjector::end(FaultId id, const LinkReadings& after) {
    Active active = std::move(active_.at(id));
    active_.erase(id);
    Effect effect;
    const auto in_ms = [](Duration duration) -> std::int64_t {
        return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
    };
    for (const NodeId node : nodes_of(active.fault)) {
        release(active, node);
    }
    const auto bitten = static_cast<std::int64_t>(active.bitten.size());
    if (const auto* links = std::get_if<nemesis::LinkFault>(&active.fault.action)) {
        effect = link_effect(*links, active.before, after);
    } else if (std::holds_alternative<nemesis::KillFault>(active.fault.action)) {
        effect = {{"nodes_killed", bitten}, {"down_ms", in_ms(active.total)}};
    } else if (std::holds_alternative<nemesis::ClockFault>(active.fault.action)) {
        effect = active.clocks;
    } else {
        effect = {{"nodes_paused", bitten}, {"paused_ms", in_ms(active.total)}};
    }
    surface_.report(FaultEnded{id, std::move(effect)});
}

void FaultInjector::begin_measuring_clocks(Active& active) const {
    const auto* clocks = std::get_if<nemesis::ClockFault>(&active.fault.action);
    if (clocks == nullptr) {
        return;
    }
    for (const auto& [node, rule] : clocks->rules) {
        // The faults that share a clock share what is measured of its offset.
        surface_.measure_clock(node);
        active.clock_changes_before.emplace(node, surface_.read_clock(node).changes);
    }
}

FaultInjector::Effect FaultInjector::clock_effect(const Active& active) const {
    std::int64_t changes = 0;
    Duration offset_max{};
    for (const auto& [node, before] : active.clock_changes_before) {
        const ClockControl::Reading reading = surface_.read_clock(node);
        changes += static_cast<std::int64_t>(reading.changes - before);
        // A thread that was stopped in a read may tell late of an earlier fault's offset.
        if (reading.changes != before) {
            offset_max = std::max(offset_max, reading.offset_max);
        }
    }
    return {{"clock_changes", changes},
            {"clock_offset_ms_max",
             std::chrono::duration_cast<std::chrono::milliseconds>(offset_max).count()}};
}

void FaultInjector::on_killed(NodeId node) {
    leave_pauses(node);
    for_each_active([&](FaultId id, Active& active) {
        if (kills(active.fault, node) && active.awaited.erase(node) > 0) {
            bite(active, node);
            begin_if_complete(id);
        }
    });
}

void FaultInjector::on_died(NodeId node) {
    leave_pauses(node);
    for_each_active([&](FaultId id, Active& active) {
        if (active.awaited.erase(node) > 0) {
            begin_if_complete(id);
        }
    });
}

void FaultInjector::on_started(NodeId node) {
    for_each_active([&](FaultId, Active& active) {
        if (kills(active.fault, node)) {
            release(active, node);
        }
    });
}

void FaultInjector::on_paused(NodeId node) {
    for_each_active([&](FaultId id, Active& active) {
        if (pauses(active.fault, node)) {
            bite(active, node);
            active.awaited.erase(node);
            begin_if_complete(id);
        }
    });
}

void FaultInjector::on_resumed(NodeId node) {
    for_each_active([&](FaultId, Active& active) {
        if (pauses(active.fault, node)) {
            release(active, node);
        }
    });
}

/// A node that has ended is not paused any more, and will not be until it runs again.
void FaultInjector::leave_pauses(NodeId node) {
    for_each_active([&](FaultId id, Active& active) {
        if (pauses(active.fault, node)) {
            release(active, node);
            active.awaited.erase(node);
            begin_if_complete(id);
        }
    });
}

/// The visitor may end faults.
void FaultInjector::for_each_active(const std::function<void(FaultId, Active&)>& visit) {
    std::vector<FaultId> ids;
    ids.reserve(active_.size());
    for (const auto& [id, active] : active_) {
        ids.push_back(id);
    }
    for (const FaultId id : ids) {
        if (const auto found = active_.find(id); found != active_.end()) {
            visit(id, found->second);
        }
    }
}

void FaultInjector::bite(Active& active, NodeId node) const {
    active.bitten.insert(node);
    active.since.emplace(node, surface_.now());
}

void FaultInjector::release(Active& active, NodeId node) const {
    if (const auto found = active.since.find(node); found != active.since.end()) {
        active.total += surface_.now() - found->second;
        active.since.erase(found);
    }
}

}  // namespace squall::harness::process
