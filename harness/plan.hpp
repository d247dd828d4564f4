// Everything that decides a run, as one value: who takes part, what clients do, which faults come
// when. A plan is made from a seed and flags, written as plan.json, and read back for replay.
// Deleting an entry changes nothing else.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "nemesis/fault.hpp"
#include "workloads/workload.hpp"

namespace squall::harness {

using history::ClientId;
using history::Duration;
using history::NodeId;
using history::Time;
using nemesis::FaultId;

inline constexpr int plan_version = 1;

/// How the nodes are configured. Every value is a flag of raft-node.
struct NodeTiming {
    Duration heartbeat = std::chrono::milliseconds(50);
    Duration election_min = std::chrono::milliseconds(300);
    Duration election_max = std::chrono::milliseconds(600);
    friend bool operator==(const NodeTiming&, const NodeTiming&) = default;
};

/// One operation with everything decided.
struct PlannedOperation {
    std::uint32_t slot = 0;
    NodeId node = 1;  ///< Asked first.
    Time at{};  ///< Its start, or when the slot's operation before it is over, if that is later.
    workloads::Request request;
    friend bool operator==(const PlannedOperation&, const PlannedOperation&) = default;
};

/// How much a node keeps and sends at once. Every value is a flag of raft-node.
struct NodeLimits {
    std::uint64_t segment_bytes = std::uint64_t{64} << 10U;
    std::uint32_t max_inflight = 64;
    std::uint32_t max_append_bytes = std::uint32_t{256} << 10U;
    std::uint32_t snapshot_chunk_bytes = std::uint32_t{256} << 10U;
    friend bool operator==(const NodeLimits&, const NodeLimits&) = default;
};

struct Plan {
    std::uint64_t seed = 0;
    std::string system = "raft-node";
    /// What to run, with its arguments, for systems whose program is the user's.
    std::vector<std::string> program;
    /// What a node writes to its standard error when it becomes leader, with a group for the term;
    /// for systems that cannot be asked. Empty: nobody knows who leads.
    std::string leader_pattern;
    Duration latency{};  ///< Of every message between nodes, faults aside; systems on standard I/O.
    std::string workload = "register";
    std::uint32_t nodes = 5;
    std::uint32_t concurrency = 10;  ///< Client slots. Slot s is at home on node s mod nodes + 1.
    double rate = 500;  ///< Operations per second over all slots; 0 = as fast as they complete.
    std::uint32_t keys = 10;
    std::uint32_t operations_per_key = 200;
    Duration time_limit = std::chrono::seconds(30);  ///< Length of the main phase.
    Duration operation_timeout = std::chrono::milliseconds(1000);
    Duration recovery_bound =
        std::chrono::seconds(10);  ///< Progress is owed within this time after healing.
    NodeTiming timing;
    /// Entries between two snapshots of a node. Few, so that nodes which were away for a second
    /// need a snapshot to catch up: most Raft bugs live where log and snapshots meet.
    std::uint64_t snapshot_interval = 200;
    std::optional<NodeLimits> limits;  ///< Nothing: as the nodes have them by themselves.
    bool swarm = false;                ///< All but the bug was drawn from the seed, by swarm_plan.
    std::string bug;                   ///< Zoo slug given to the nodes; empty = none.
    std::vector<std::string>
        fault_classes;  ///< Asked for: each must bite, else the run is *unknown*.
    Duration fault_interval = std::chrono::seconds(3);
    std::vector<nemesis::PlannedFault> faults;  ///< Ascending by time.
    /// At the end only a majority, drawn by seed, is healed; the others are broken for ever, and
    /// the majority owes progress all the same.
    bool heal_quorum_only = false;
    std::set<std::pair<std::uint32_t, std::uint64_t>>
        deleted_operations;  ///< (slot, ordinal), of those that the workload makes.
    /// Exactly these, ascending by time, instead of those that the workload makes from seed, rate
    /// and keys: what shrinking leaves.
    std::optional<std::vector<PlannedOperation>> operations;

    /// Entries kept behind a snapshot.
    [[nodiscard]] std::uint64_t compaction_margin() const { return snapshot_interval / 4; }
};

/// Fills `faults` from seed, classes and interval. Throws Failure on an unknown class.
void materialise_faults(Plan& plan);

/// Whether only a quorum is healed, by seed: in one of three runs.
[[nodiscard]] bool draw_heal_quorum_only(std::uint64_t seed);

/// plan.json; stable key order.
[[nodiscard]] std::string to_json(const Plan& plan);

/// Throws Failure with `file: field: problem`.
[[nodiscard]] Plan plan_from_json(const std::string& text, const std::string& name);

}  // namespace squall::harness
