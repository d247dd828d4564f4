// What happened in a run, one sentence each, from traces, history, faults and messages. They say
// only what these hold; what it amounts to is for the reader, whom story.hpp gives the part of it
// that matters.
#pragma once

#include <set>
#include <vector>

#include "harness/report/cluster_past.hpp"
#include "harness/report/happening.hpp"
#include "harness/report/material.hpp"
#include "history/operation.hpp"

namespace squall::harness::report {

/// What a violation is about: only of this are entries told one by one.
struct Concern {
    std::set<std::uint64_t> events;   ///< Of the history.
    std::set<std::uint64_t> indices;  ///< Of the log.
    std::set<std::uint64_t> terms;
};

/// Elections, restarts, what enters logs and leaves them, commits, snapshots.
[[nodiscard]] std::vector<Happening> trace_happenings(const Material& material,
                                                      const ClusterPast& past,
                                                      Time origin,
                                                      const Concern& concern);

/// How far times of traces and of the history may be compared.
enum class Clocks : std::uint8_t {
    bent,  ///< Some node's clock was not the run's: not at all.
    one,   ///< All read the same clock, and a moment may pass before they write it down.
    exact,
};

/// What clients asked for and were told, with what the nodes' traces say of it.
[[nodiscard]] std::vector<Happening> operation_happenings(
    std::span<const history::Operation> operations,
    const Material& material,
    const ClusterPast& past,
    const Concern& concern,
    Clocks clocks);

/// Faults, ends of nodes, phases.
[[nodiscard]] std::vector<Happening> fault_happenings(std::span<const history::Event> events);

/// "n1", "n1 and n2", "n1, n2 and n3".
[[nodiscard]] std::string node_list(const std::set<NodeId>& nodes);

/// "entry 3", "entries 3 to 5".
[[nodiscard]] std::string entries(std::uint64_t first, std::uint64_t last);

}  // namespace squall::harness::report
