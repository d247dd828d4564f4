// The state in which a property was violated, read off the history, the traces of the nodes and
// their messages: who answered in which role and whom it had asked, what was committed by then,
// whose log was where. Pure.
#pragma once

#include <span>
#include <string>

#include "checker/trace.hpp"
#include "harness/node_message.hpp"
#include "harness/results.hpp"
#include "history/event.hpp"

namespace squall::harness::triage {

/// What the nodes told of themselves, and what they were seen to say.
struct NodesSaid {
    std::span<const checker::TraceRecord> records;  ///< Per node by incarnation and sequence.
    std::span<const NodeMessage> messages;          ///< Of a simulated run.
};

struct Cause {
    std::string property;  ///< The violated one, or one that explains it.
    std::string state;     ///< In words; empty when nothing is known.
};

/// `violation`: of the results, the nearest to the cause.
[[nodiscard]] Cause cause_of(const Results& results,
                             const checker::Check& violation,
                             std::span<const history::Event> events,
                             const NodesSaid& nodes);

}  // namespace squall::harness::triage
