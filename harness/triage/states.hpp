// The state in which a property was violated, read off the history and the traces of the nodes: who
// answered in which role, what was committed by then, whose log was where. Pure.
#pragma once

#include <span>
#include <string>

#include "checker/trace.hpp"
#include "harness/results.hpp"
#include "history/event.hpp"

namespace squall::harness::triage {

struct Cause {
    std::string property;  ///< The violated one, or one that explains it.
    std::string state;     ///< In words; empty when nothing is known.
};

/// `violation`: of the results, the nearest to the cause.
[[nodiscard]] Cause cause_of(const Results& results,
                             const checker::Check& violation,
                             std::span<const history::Event> events,
                             std::span<const checker::TraceRecord> records);

}  // namespace squall::harness::triage
