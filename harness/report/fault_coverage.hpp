// What the faults of a run hit: which class met a node in which role, while it was doing what. An
// empty cell is something that the run says nothing about.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/report/material.hpp"
#include "history/event.hpp"

namespace squall::harness::report {

/// leader, follower, candidate, down, unknown; and idle, replicating, snapshotting, electing,
/// starting, unknown.
using RoleAndPhase = std::pair<std::string, std::string>;

struct FaultCoverage {
    /// In the order of a table: those that any run can reach, and those that this one has besides.
    std::vector<RoleAndPhase> columns;
    /// By class of fault: how many nodes it hit so. A fault that hits two nodes counts twice.
    std::map<std::string, std::map<RoleAndPhase, std::uint64_t>> cells;
};

/// Roles are those of the history, measured when the fault took hold; phases come from the traces:
/// *starting* is a node's first half second, *electing* nobody leads or somebody stands,
/// *snapshotting* a snapshot was taken or installed there within 100 ms, *replicating* an entry
/// came within 50 ms, *idle* none of these.
[[nodiscard]] FaultCoverage fault_coverage(const Material& material, history::Time origin);

}  // namespace squall::harness::report
