// What shrinking takes from the failing run itself: which check failed, when, what clients really
// asked and what was really injected. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/plan.hpp"
#include "harness/results.hpp"
#include "history/event.hpp"

namespace squall::harness::shrink {

/// The check that a smaller plan has to fail, too: the first that is invalid. Empty: none is.
[[nodiscard]] std::string failing_check(const Results& results);

/// The same check is invalid; any other failure is another failure.
[[nodiscard]] bool fails(const Results& results, const std::string& check);

/// Time of the last event that shows the violation; nothing when the check names no events.
[[nodiscard]] std::optional<Time> violation_time(const Results& results,
                                                 const std::string& check,
                                                 std::span<const history::Event> events);

/// What the clients of the main phase asked, when and of whom, in the slots of the plan and of the
/// objects of its workload. A logical client keeps its slot until an *info* retires it, as in the
/// run itself.
[[nodiscard]] std::vector<PlannedOperation> operations_of(std::span<const history::Event> events,
                                                          const Plan& plan);

/// The failing run.
struct ObservedRun {
    Plan plan;
    std::vector<PlannedOperation> operations;
    std::vector<nemesis::PlannedFault> faults;  ///< Realised.
    std::optional<Time> violation;
};

}  // namespace squall::harness::shrink
