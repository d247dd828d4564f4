// What reports are made from beyond the results: the history itself, the traces of the nodes, and
// where somebody saw them, the messages between them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "checker/trace.hpp"
#include "harness/node_message.hpp"
#include "harness/results.hpp"
#include "history/event.hpp"

namespace squall::harness::report {

/// A line that a node logged about itself.
struct LogLine {
    NodeId node = 0;
    std::int64_t raw_time_ns = 0;  ///< CLOCK_MONOTONIC.
    std::string text;
};

struct Material {
    std::span<const history::Event> events;
    /// Of all nodes, per node by incarnation and sequence. Times are raw, as the nodes wrote them.
    std::span<const checker::TraceRecord> traces;
    std::span<const LogLine> logs;  ///< Of all nodes, with raw times too.
    /// Of a simulated run; empty: nobody saw them. Times are the run's own.
    std::span<const NodeMessage> messages;
    /// Not empty: why there are no lanes of nodes, in words.
    std::string no_traces;
};

}  // namespace squall::harness::report
