// What report.html tells beyond the results: the history itself and the traces of the nodes.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "checker/trace.hpp"
#include "harness/results.hpp"
#include "history/event.hpp"

namespace squall::harness::report {

struct Story {
    std::span<const history::Event> events;
    /// Of all nodes, per node by incarnation and sequence. Times are raw, as the nodes wrote them.
    std::span<const checker::TraceRecord> traces;
    /// Not empty: why there are no lanes of nodes, in words.
    std::string no_traces;
};

}  // namespace squall::harness::report
