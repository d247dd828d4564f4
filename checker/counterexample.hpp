// From "this key's history is bad" to the few operations that show it: the shortest bad prefix,
// then operations are left out as long as what remains is bad. Only such are left out that could
// not turn a good history bad by their absence, so that every step proves the one before.
#pragma once

#include <optional>
#include <span>

#include "checker/check.hpp"
#include "checker/linearizability.hpp"
#include "checker/model.hpp"
#include "history/operation.hpp"

namespace squall::checker {

/// For the operations of one key, in order of invocation, that `search` found invalid. Nothing if
/// brute force contradicts the search about the core: then one of them is wrong and the history
/// must not be called invalid. Works within the budget: it may leave the core larger.
[[nodiscard]] std::optional<Counterexample> find_counterexample(
    std::span<const history::Operation* const> operations,
    const Model& model,
    const Budget& budget);

}  // namespace squall::checker
