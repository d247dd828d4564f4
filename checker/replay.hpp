// Does an order of operations explain a key's history? The proof behind a *valid*: an engine that
// names an order is believed only after this. It shares nothing with the engines.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "checker/engine.hpp"

namespace squall::checker {

/// Nothing if all operations that are ok are in the order, once each, with some of those of unknown
/// outcome, real time is respected and every result is what the model says. Otherwise what is
/// wrong. Linear in the history for the shapes cell, text and list.
[[nodiscard]] std::optional<std::string> replay(const KeyProblem& problem,
                                                std::span<const history::OperationId> order);

/// The same by the model's own `apply`, whatever the shape; slower.
[[nodiscard]] std::optional<std::string> replay_by_model(
    const KeyProblem& problem, std::span<const history::OperationId> order);

}  // namespace squall::checker
