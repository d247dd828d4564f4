// What a run, real or simulated, hands to the judge. The judge needs nothing else, so a run can be
// judged again from its directory.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checker/check.hpp"
#include "harness/plan.hpp"
#include "harness/run.hpp"
#include "history/event.hpp"

namespace squall::harness {

/// Did the machine let the harness and the nodes run? Zero in the simulator.
struct LagFacts {
    /// Worst lateness of the controller's timers, or wait of a node's thread for a CPU within the
    /// time of an election timeout, over the whole run.
    Duration loop_lag_max{};
    Duration loop_lag_recovery_max{};  ///< The same, after healing.
    double cpu_steal = 0;              ///< Share of CPU time stolen by the hypervisor, 0 to 1.
};

/// What a message and a write may take while nothing is wrong with link or disk, by which bounds on
/// time are derived.
struct AssumedDelays {
    Duration link = std::chrono::milliseconds(3);
    Duration sync = std::chrono::milliseconds(15);
    Duration start = std::chrono::milliseconds(1000);  ///< Of a node, with its recovery.
};

struct RunRecord {
    Plan plan;      ///< As asked for.
    Plan realised;  ///< As it happened.
    std::vector<history::Event> events;
    std::vector<NodeExited> unplanned_exits;
    std::vector<std::string> remarks;           ///< On the nodes as programs; no findings.
    std::vector<checker::Check> trace_checks;   ///< Raft invariants over the node traces.
    std::vector<checker::Check> wiring_checks;  ///< What carried the messages saw go wrong.
    LagFacts lag;
    AssumedDelays delays;
    Duration elapsed{};  ///< Main phase to end, in the run's own time.
    /// CLOCK_MONOTONIC when the run's time was 0: places node traces beside the history, in plots
    /// only. 0 in the simulator, whose traces carry the run's own time.
    Time monotonic_origin{};
    std::string void_reason;  ///< Not empty: the harness failed, the run is void; what there is, is
                              ///< judged all the same.
};

}  // namespace squall::harness
