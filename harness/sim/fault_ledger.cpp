#include "harness/sim/fault_ledger.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace squall::harness::sim {

using history::Duration;
using history::NodeId;
using history::Time;

namespace {

void add_link_effect(FaultLedger::Effect& effect,
                     const nemesis::LinkRule& rule,
                     const LinkCounters& before,
                     const LinkCounters& after) {
    if (rule.cut) {
        effect["messages_cut"] += after.cut - before.cut;
    }
    if (rule.drop > 0) {
        effect["messages_dropped"] += after.dropped - before.dropped;
    }
    if (rule.delay > Duration::zero() || rule.jitter > Duration::zero()) {
        effect["messages_delayed"] += after.delayed - before.delayed;
    }
    if (rule.duplicate > 0) {
        effect["messages_duplicated"] += after.duplicated - before.duplicated;
    }
    if (rule.reorder > 0) {
        effect["messages_reordered"] += after.reordered - before.reordered;
    }
}

FaultLedger::Effect clock_effect(const FaultLedger::Readings& before,
                                 const FaultLedger::Readings& after) {
    std::int64_t changes = 0;
    Duration offset_max{};
    for (const auto& [node, reading] : after.clocks) {
        const ClockReading& old = before.clocks.at(node);
        changes += static_cast<std::int64_t>(reading.changes - old.changes);
        offset_max = std::max(offset_max, std::chrono::abs(reading.offset - old.offset));
    }
    return {{"clock_changes", changes},
            {"clock_offset_ms_max",
             std::chrono::duration_cast<std::chrono::milliseconds>(offset_max).count()}};
}

FaultLedger::Effect disk_effect(const nemesis::DiskFault& fault,
                                const FaultLedger::Readings& before,
                                const FaultLedger::Readings& after) {
    FaultLedger::Effect effect;
    for (const auto& [node, rule] : fault.rules) {
        const DiskCounters& old = before.disks.at(node);
        const DiskCounters& now = after.disks.at(node);
        if (rule.sync_delay > Duration::zero()) {
            effect["syncs_delayed"] += now.syncs_delayed - old.syncs_delayed;
        }
        if (rule.stuck) {
            effect["syncs_stuck"] += now.syncs_stuck - old.syncs_stuck;
        }
        if (rule.sync_error > 0) {
            effect["sync_errors"] += now.sync_errors - old.sync_errors;
        }
        if (rule.write_error > 0) {
            effect["write_errors"] += now.write_errors - old.write_errors;
        }
        if (rule.full) {
            effect["writes_without_room"] += now.refusals_for_room - old.refusals_for_room;
        }
    }
    return effect;
}

/// Includes what another loss took meanwhile.
FaultLedger::Effect power_effect(const nemesis::PowerFault& fault,
                                 const FaultLedger::Readings& before,
                                 const FaultLedger::Readings& after) {
    FaultLedger::Effect effect;
    for (const auto& [node, now] : after.disks) {
        const DiskCounters& old = before.disks.at(node);
        effect["bytes_lost"] += now.bytes_lost - old.bytes_lost;
        effect["directory_changes_lost"] += now.directory_changes_lost - old.directory_changes_lost;
        if (fault.bit_flips > 0) {
            effect["bits_flipped"] += now.bits_flipped - old.bits_flipped;
        }
    }
    return effect;
}

}  // namespace

void FaultLedger::begin(Time now,
                        nemesis::FaultId id,
                        const nemesis::Fault& fault,
                        const std::vector<NodeId>& hit,
                        const VirtualNetwork& network,
                        Readings before) {
    Entry entry;
    entry.readings = std::move(before);
    entry.action = fault.action;
    entry.hits = static_cast<std::int64_t>(hit.size());
    for (const NodeId node : hit) {
        entry.held_since.emplace(node, now);
    }
    if (const auto* links = std::get_if<nemesis::LinkFault>(&fault.action)) {
        for (const auto& [link, rule] : links->rules) {
            entry.before.emplace(link, network.counters(link));
        }
    }
    entries_.insert_or_assign(id, std::move(entry));
}

void FaultLedger::node_died(Time now, NodeId node) {
    for (auto& [id, entry] : entries_) {
        const auto held = entry.held_since.find(node);
        if (held != entry.held_since.end() &&
            std::holds_alternative<nemesis::PauseFault>(entry.action)) {
            entry.held += now - held->second;
            entry.held_since.erase(held);
        }
    }
}

FaultLedger::Effect FaultLedger::end(Time now,
                                     nemesis::FaultId id,
                                     const VirtualNetwork& network,
                                     const Readings& after) {
    Entry entry = std::move(entries_.at(id));
    entries_.erase(id);
    Effect effect;
    if (const auto* links = std::get_if<nemesis::LinkFault>(&entry.action)) {
        for (const auto& [link, rule] : links->rules) {
            add_link_effect(effect, rule, entry.before.at(link), network.counters(link));
        }
        return effect;
    }
    if (std::holds_alternative<nemesis::ClockFault>(entry.action)) {
        return clock_effect(entry.readings, after);
    }
    if (const auto* disks = std::get_if<nemesis::DiskFault>(&entry.action)) {
        return disk_effect(*disks, entry.readings, after);
    }
    for (const auto& [node, since] : entry.held_since) {
        entry.held += now - since;
    }
    const bool paused = std::holds_alternative<nemesis::PauseFault>(entry.action);
    const auto* power = std::get_if<nemesis::PowerFault>(&entry.action);
    if (power != nullptr) {
        effect = power_effect(*power, entry.readings, after);
    }
    effect[paused             ? "nodes_paused"
           : power != nullptr ? "nodes_without_power"
                              : "nodes_killed"] = entry.hits;
    effect[paused ? "paused_ms" : "down_ms"] =
        std::chrono::duration_cast<std::chrono::milliseconds>(entry.held).count();
    return effect;
}

}  // namespace squall::harness::sim
