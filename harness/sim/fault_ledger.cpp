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

FaultLedger::Effect clock_effect(const FaultLedger::ClockReadings& before,
                                 const FaultLedger::ClockReadings& after) {
    std::int64_t changes = 0;
    Duration offset_max{};
    for (const auto& [node, reading] : after) {
        const ClockReading& old = before.at(node);
        changes += static_cast<std::int64_t>(reading.changes - old.changes);
        offset_max = std::max(offset_max, std::chrono::abs(reading.offset - old.offset));
    }
    return {{"clock_changes", changes},
            {"clock_offset_ms_max",
             std::chrono::duration_cast<std::chrono::milliseconds>(offset_max).count()}};
}

}  // namespace

void FaultLedger::begin(Time now,
                        nemesis::FaultId id,
                        const nemesis::Fault& fault,
                        const std::vector<NodeId>& hit,
                        const VirtualNetwork& network,
                        const ClockReadings& clocks) {
    Entry entry;
    entry.clocks_before = clocks;
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
                                     const ClockReadings& clocks) {
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
        return clock_effect(entry.clocks_before, clocks);
    }
    for (const auto& [node, since] : entry.held_since) {
        entry.held += now - since;
    }
    const bool killed = std::holds_alternative<nemesis::KillFault>(entry.action);
    effect[killed ? "nodes_killed" : "nodes_paused"] = entry.hits;
    effect[killed ? "down_ms" : "paused_ms"] =
        std::chrono::duration_cast<std::chrono::milliseconds>(entry.held).count();
    return effect;
}

}  // namespace squall::harness::sim
