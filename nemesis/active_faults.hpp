// The faults in force at one moment and what they amount to together. Both drivers use it, so that
// overlapping faults mean the same on real processes and in the simulator: a node is down while any
// kill or loss of power holds it, paused while any pause does, and a link or a clock obeys the
// combination of all its rules.
#pragma once

#include <map>
#include <set>

#include "nemesis/fault.hpp"

namespace squall::nemesis {

class ActiveFaults {
  public:
    void begin(FaultId id, const Fault& fault);

    /// Harmless when `id` is not active.
    void end(FaultId id);

    [[nodiscard]] bool down(NodeId node) const;
    [[nodiscard]] bool paused(NodeId node) const;

    /// The combined rule; the default rule when nothing is active on the link.
    [[nodiscard]] LinkRule rule(Link link) const;

    /// The combined rule; the default rule, true clocks, when nothing is active on the node's.
    [[nodiscard]] ClockRule clock(NodeId node) const;

    /// The combined rule; the default rule, a healthy disk, when nothing is active on the node's.
    [[nodiscard]] DiskRule disk(NodeId node) const;

    [[nodiscard]] const std::map<FaultId, Fault>& active() const { return active_; }

  private:
    std::map<FaultId, Fault> active_;
};

}  // namespace squall::nemesis
