// Gives every key to the engines that may judge it, in turn, several keys at once where that is
// allowed, and shares the budget among them. The result depends on the history and the budget
// alone, never on the number of threads.
#pragma once

#include "checker/linearizability.hpp"
#include "checker/model.hpp"
#include "history/compact_history.hpp"

namespace squall::checker {

/// As `check_linearizable`.
[[nodiscard]] LinearizabilityResult dispatch(const history::CompactHistory& history,
                                             const Model& model,
                                             const CheckOptions& options);

}  // namespace squall::checker
