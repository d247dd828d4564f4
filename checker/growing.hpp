// What the engines for objects that only grow (sets, counters) share: how an operation stands at
// the cut, and where operations that fit anywhere go in a witness.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
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

/// A result without a verdict.
[[nodiscard]] EngineResult not_applicable(const char* why);

/// Places of two operations of which the later one in `order` had completed before the earlier one
/// began, or nothing.
template <typename Placed>
[[nodiscard]] std::optional<std::pair<std::size_t, std::size_t>> against_real_time(
    const std::vector<Placed>& order) {
    std::size_t first_done = order.size();  // Of those that come later.
    for (std::size_t i = order.size(); i-- > 0;) {
        const Standing& here = order[i].operation;
        if (first_done != order.size() && order[first_done].operation.completed < here.invoked) {
            return std::pair{i, first_done};
        }
        if (first_done == order.size() || here.completed < order[first_done].operation.completed) {
            first_done = i;
        }
    }
    return std::nullopt;
}

/// `order` respects real time and may explain what it holds. The result has in addition those of
/// `anywhere`, which are certain and fit every state, where real time wants them: each directly
/// before the first operation that began after it had completed. What completed before it began
/// also completed before that operation began, and so stands before both.
[[nodiscard]] std::vector<history::OperationId> with_free_ones(const std::vector<Standing>& order,
                                                               std::vector<Standing> anywhere);

}  // namespace squall::checker
