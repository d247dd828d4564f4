// Engine for any model: search for an order that explains one key's operations. Two searches walk
// the same graph of configurations and take turns, since each wins where the other fails. Complete:
// *invalid* only if no order exists.
#pragma once

#include <cstdint>

#include "checker/check.hpp"
#include "checker/engine.hpp"

namespace squall::checker {

enum class SearchMethod : std::uint8_t { race, layered, depth_first };

/// Always gives a verdict; *unknown* when the budget is spent: the reason then names what ran out
/// and how much of the history is explained.
[[nodiscard]] EngineResult search(const KeyProblem& problem,
                                  const Budget& budget,
                                  SearchMethod method = SearchMethod::race);

}  // namespace squall::checker
