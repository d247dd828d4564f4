// What report.html tells beyond the results: the history itself and the traces of the nodes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "checker/trace.hpp"
#include "harness/results.hpp"
#include "history/event.hpp"

namespace squall::harness::report {

/// A line that a node logged about itself.
struct LogLine {
    NodeId node = 0;
    std::int64_t raw_time_ns = 0;  ///< CLOCK_MONOTONIC.
    std::string text;
};

struct Story {
    std::span<const history::Event> events;
    /// Of all nodes, per node by incarnation and sequence. Times are raw, as the nodes wrote them.
    std::span<const checker::TraceRecord> traces;
    std::span<const LogLine> logs;  ///< Of all nodes, with raw times too.
    /// Not empty: why there are no lanes of nodes, in words.
    std::string no_traces;
};

}  // namespace squall::harness::report
