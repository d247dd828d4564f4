// Runs a plan in virtual time: the same core, server, storage, Run, workloads, faults and checkers
// as on real processes; only clock, network and disk are simulated. Single-threaded and
// deterministic: equal plans give byte-identical histories.
#pragma once

#include <cstdint>
#include <vector>

#include "checker/trace.hpp"
#include "harness/node_message.hpp"
#include "harness/plan.hpp"
#include "harness/run_record.hpp"

namespace squall::harness::sim {

struct SimulationOptions {
    /// And the messages. A run is the same without them.
    bool keep_traces = false;
    /// Nodes do not check themselves, for what the other detectors find alone (SQUALL_ZOO only).
    bool assertions_off = false;
    /// More virtual events than this end the run as void: something spins.
    std::uint64_t events_max = 500'000'000;
};

struct Simulation {
    RunRecord record;
    std::vector<checker::TraceRecord> traces;  ///< When kept.
    std::vector<NodeMessage> messages;         ///< When kept: the latest `messages_max`.
    std::uint64_t steps = 0;                   ///< Virtual events handled.
    std::uint64_t core_steps = 0;              ///< Batches of input that the Raft cores handled.
    std::uint64_t messages_sent = 0;           ///< That nodes sent one another.
    std::uint64_t payload_bytes = 0;           ///< Of the commands and snapshot chunks in them.
};

[[nodiscard]] Simulation simulate(const Plan& plan, const SimulationOptions& options = {});

}  // namespace squall::harness::sim
