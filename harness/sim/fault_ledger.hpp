// Measures what each fault in force does, for the effect that its end records
// (docs/fault-model.md): only what it did itself, where others may rage on the same link or node.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/sim/virtual_clock.hpp"
#include "harness/sim/virtual_disk.hpp"
#include "harness/sim/virtual_network.hpp"
#include "nemesis/fault.hpp"

namespace squall::harness::sim {

class FaultLedger {
  public:
    using Effect = std::map<std::string, std::int64_t>;

    /// Of the nodes whose clocks or disks a fault touches; empty for other faults.
    struct Readings {
        std::map<history::NodeId, ClockReading> clocks;
        std::map<history::NodeId, DiskCounters> disks;
    };

    /// `hit`: the running nodes that a kill, a loss of power or a pause took. `before`: from before
    /// it took them.
    void begin(history::Time now,
               nemesis::FaultId id,
               const nemesis::Fault& fault,
               const std::vector<history::NodeId>& hit,
               const VirtualNetwork& network,
               Readings before);

    /// A node is killed: no pause holds it any longer.
    void node_died(history::Time now, history::NodeId node);

    /// Only after `begin`.
    [[nodiscard]] Effect end(history::Time now,
                             nemesis::FaultId id,
                             const VirtualNetwork& network,
                             const Readings& after);

  private:
    struct Entry {
        nemesis::Action action;
        std::map<nemesis::Link, LinkCounters> before;
        Readings readings;
        std::int64_t hits = 0;
        std::map<history::NodeId, history::Time> held_since;  ///< Of those hit.
        history::Duration held{};                             ///< Of those that are held no more.
    };

    std::map<nemesis::FaultId, Entry> entries_;
};

}  // namespace squall::harness::sim
