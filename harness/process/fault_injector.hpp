// Carries out faults on processes and links, and measures what each did. What holds at a moment is
// ActiveFaults' decision; this brings nodes and links there and reports FaultBegun when a fault is
// in force everywhere and FaultEnded when it is undone.
//
// Effects: nodes_killed and down_ms (from the exit to the new spawn), nodes_paused and paused_ms
// (from the stop of the last thread to the resumption or the exit), both summed over the nodes;
// messages_cut, _dropped, _delayed, _duplicated, _reordered on the links that the fault's own rules
// touch in that way, while it was in force; clock_changes, the new rules under which nodes have
// read their clocks, and clock_offset_ms_max, how far off the worst of these readings was.
#pragma once

#include <functional>
#include <map>
#include <set>

#include "harness/process/clock_control.hpp"
#include "harness/process/link_proxy.hpp"
#include "harness/run.hpp"
#include "nemesis/active_faults.hpp"

namespace squall::harness::process {

/// What the injector acts on. Calls return at once.
struct FaultSurface {
    std::function<void(NodeId, bool down, bool paused)> want;
    std::function<bool(NodeId)> up;
    std::function<bool(NodeId)> paused;
    /// Reads all links, then puts the rules in force, then calls back.
    std::function<void(std::map<nemesis::Link, nemesis::LinkRule>,
                       std::function<void(LinkReadings)>)>
        apply_links;
    std::function<void(NodeId, const nemesis::ClockRule&)> set_clock;
    std::function<void(NodeId)> measure_clock;  ///< ClockControl::restart_measurement.
    std::function<ClockControl::Reading(NodeId)> read_clock;
    std::function<Time()> now;
    std::function<void(const Input&)> report;
};

class FaultInjector {
  public:
    explicit FaultInjector(FaultSurface surface);

    void inject(FaultId id, const nemesis::Fault& fault);

    /// A fault that is not in force yet is undone as soon as it is.
    void heal(FaultId id);

    // What happened to the nodes, whoever caused it.
    void on_killed(NodeId node);
    void on_died(NodeId node);
    void on_started(NodeId node);
    void on_paused(NodeId node);
    void on_resumed(NodeId node);

  private:
    using Effect = std::map<std::string, std::int64_t>;

    struct Active {
        nemesis::Fault fault;
        std::set<NodeId> awaited;  ///< Nodes that have not yet reached the state wanted.
        bool begun = false;
        bool heal_wanted = false;
        std::set<NodeId> bitten;
        std::map<NodeId, Time> since;  ///< Nodes in the faulty state now.
        Duration total{};
        LinkReadings before;
        std::map<NodeId, std::uint64_t> clock_changes_before;
        Effect clocks;
    };

    void apply(const nemesis::Fault& fault, std::function<void(LinkReadings)> links_done);
    void begin_if_complete(FaultId id);
    void end(FaultId id, const LinkReadings& after);
    void begin_measuring_clocks(Active& active) const;
    [[nodiscard]] Effect clock_effect(const Active& active) const;
    void leave_pauses(NodeId node);
    void for_each_active(const std::function<void(FaultId, Active&)>& visit);
    void bite(Active& active, NodeId node) const;
    void release(Active& active, NodeId node) const;

    FaultSurface surface_;
    nemesis::ActiveFaults in_force_;
    std::map<FaultId, Active> active_;
};

}  // namespace squall::harness::process
