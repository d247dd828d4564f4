#include "harness/sim/fault_ledger.hpp"

#include <utility>

namespace squall::harness::sim {

using history::Time;

void FaultLedger::begin(Time now,
                        nemesis::FaultId id,
                        const nemesis::Fault& fault,
                        std::int64_t hit,
                        const VirtualNetwork& network) {
    Entry entry{.begun = now, .hit_name = {}, .span_name = {}, .hit = hit, .before = {}};
    if (const auto* links = std::get_if<nemesis::LinkFault>(&fault.action)) {
        for (const auto& [link, rule] : links->rules) {
            entry.before.emplace(link, network.counters(link));
        }
    } else if (std::holds_alternative<nemesis::KillFault>(fault.action)) {
        entry.hit_name = "nodes_killed";
        entry.span_name = "down_ms";
    } else {
        entry.hit_name = "nodes_paused";
        entry.span_name = "paused_ms";
    }
    entries_.insert_or_assign(id, std::move(entry));
}

FaultLedger::Effect FaultLedger::end(Time now, nemesis::FaultId id, const VirtualNetwork& network) {
    const Entry entry = std::move(entries_.at(id));
    entries_.erase(id);
    Effect effect;
    if (!entry.hit_name.empty()) {
        const auto span = std::chrono::duration_cast<std::chrono::milliseconds>(now - entry.begun);
        effect[entry.hit_name] = entry.hit;
        effect[entry.span_name] = entry.hit > 0 ? span.count() : 0;
        return effect;
    }
    LinkCounters sum;
    for (const auto& [link, before] : entry.before) {
        const LinkCounters& after = network.counters(link);
        sum.cut += after.cut - before.cut;
        sum.dropped += after.dropped - before.dropped;
        sum.delayed += after.delayed - before.delayed;
        sum.duplicated += after.duplicated - before.duplicated;
        sum.reordered += after.reordered - before.reordered;
    }
    effect["messages_cut"] = sum.cut;
    effect["messages_dropped"] = sum.dropped;
    effect["messages_delayed"] = sum.delayed;
    effect["messages_duplicated"] = sum.duplicated;
    effect["messages_reordered"] = sum.reordered;
    return effect;
}

}  // namespace squall::harness::sim
