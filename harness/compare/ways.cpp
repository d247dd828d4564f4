// How the bugs of the zoo are convicted soonest, as `measure_neighbours rate` found it: where no
// single class and shape of faults shows a bug more often than the mix of a profile does, it is the
// profile.
#include <array>

#include "harness/compare/neighbours.hpp"

namespace squall::harness::compare {
namespace {

constexpr bool lasting = true;
constexpr bool quick = false;

constexpr std::array<Way, 31> table{{
    {"term-not-persisted", "storage", {}},
    {"no-uptodate", "elections", {.lasting = quick, .quorum_only = true}},
    {"uptodate-len-only", "elections", {.lasting = quick, .quorum_only = true}},
    {"uptodate-term-only", "elections", {.lasting = quick, .quorum_only = true}},
    {"leader-grants-stays",
     "elections",
     {.fault_class = "pause", .shape = "leader", .lasting = quick}},
    {"stale-leader-ae-accepted",
     "reads",
     {.fault_class = "pause", .shape = "leader", .lasting = quick, .nodes = 5}},
    {"candidate-ignores-same-term-ae", "reads", {}},
    {"no-prevote",
     "elections",
     {.fault_class = "partition", .shape = "leader", .lasting = lasting}},
    {"no-checkquorum",
     "elections",
     {.fault_class = "partition", .shape = "one-way", .lasting = lasting, .quorum_only = true}},
    {"commit-no-min", "replication", {}},
    {"heartbeat-no-prev", "reads", {.fault_class = "partition", .lasting = quick, .nodes = 7}},
    {"even-quorum", "elections", {.nodes = 4}},
    {"backtrack-livelock", "replication", {}},
    {"no-noop", "elections", {}},
    {"head-of-line",
     "replication",
     {.fault_class = "packet",
      .shape = "flaky",
      .lasting = lasting,
      .quorum_only = true,
      .nodes = 5}},
    {"no-sessions", "snapshots", {}},
    {"off-by-one-apply", "snapshots", {}},
    {"wal-misaligned", "snapshots", {.fault_class = "kill", .lasting = quick}},
    {"purged-stuck", "snapshots", {}},
    {"local-quorum", "replication", {}},
    {"local-leader-read",
     "reads",
     {.fault_class = "partition", .shape = "leader", .lasting = lasting}},
    {"stale-read", "reads", {}},
    {"no-quorum-ack", "reads", {.fault_class = "partition", .shape = "leader", .lasting = quick}},
    {"quorum-off",
     "reads",
     {.fault_class = "partition", .shape = "leader", .lasting = quick, .nodes = 3}},
    {"before-noop", "clients", {.fault_class = "kill", .lasting = quick}},
    {"no-dedup", "clients", {.fault_class = "partition", .shape = "leader", .lasting = quick}},
    {"dedup-local", "snapshots", {}},
    {"ack-before-commit", "replication", {}},
    {"reply-by-index", "reads", {.fault_class = "partition", .shape = "one-way", .lasting = quick}},
    {"fail-but-committed",
     "reads",
     {.fault_class = "partition", .shape = "half-open", .lasting = quick}},
    {"commit-old-terms", "replication", {}},
}};

}  // namespace

std::span<const Way> ways() {
    return table;
}

}  // namespace squall::harness::compare
