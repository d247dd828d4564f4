// Measures what each fault in force does, for the effect that its end records
// (docs/fault-model.md).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/sim/virtual_network.hpp"
#include "nemesis/fault.hpp"

namespace squall::harness::sim {

class FaultLedger {
  public:
    using Effect = std::map<std::string, std::int64_t>;

    /// `hit`: how many running nodes a kill or a pause took.
    void begin(history::Time now,
               nemesis::FaultId id,
               const nemesis::Fault& fault,
               std::int64_t hit,
               const VirtualNetwork& network);

    /// Only after `begin`.
    [[nodiscard]] Effect end(history::Time now, nemesis::FaultId id, const VirtualNetwork& network);

  private:
    struct Entry {
        history::Time begun{};
        std::string hit_name;  ///< Kill and pause: the names of the effects.
        std::string span_name;
        std::int64_t hit = 0;
        std::map<nemesis::Link, LinkCounters> before;
    };

    std::map<nemesis::FaultId, Entry> entries_;
};

}  // namespace squall::harness::sim
