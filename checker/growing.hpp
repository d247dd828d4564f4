// What the engines for objects that only grow (sets, counters) share: how an operation stands at
// the cut, and where operations that fit anywhere go in a witness.
#pragma once

#include <optional>
#include <vector>

#include "checker/engine.hpp"

namespace squall::checker {

/// An operation as an engine sees it.
struct Standing {
    history::OperationId id = 0;
    history::EventIndex invoked = 0;
    history::EventIndex completed = history::never_completed;  ///< Unless it is ok.

    [[nodiscard]] bool certain() const { return completed != history::never_completed; }
};

/// Nothing: definitely failed, or invoked after the cut.
[[nodiscard]] std::optional<Standing> standing_at(const history::CompactHistory& history,
                                                  history::OperationId id,
                                                  history::EventIndex cut);

/// `order` respects real time and may explain what it holds. The result has in addition those of
/// `anywhere`, which are certain and fit every state, where real time wants them: each directly
/// before the first operation that began after it had completed. What completed before it began
/// also completed before that operation began, and so stands before both.
[[nodiscard]] std::vector<history::OperationId> with_free_ones(const std::vector<Standing>& order,
                                                               std::vector<Standing> anywhere);

}  // namespace squall::checker
