// The definition of linearizability, tried out: every order of a handful of operations. It shares
// nothing with the engines but the model's `apply`, so that it can contradict them.
#pragma once

#include <cstddef>
#include <span>

#include "checker/model.hpp"
#include "history/operation.hpp"

namespace squall::checker {

/// Beyond this many operations trying every order takes too long. At most 32.
inline constexpr std::size_t brute_force_max = 10;

/// Is there an order that respects real time and the model, from `initial` on? Failed operations
/// are left out, those of unknown outcome may take effect after their invocation or never. At most
/// 32 operations.
[[nodiscard]] bool linearizable_by_brute_force(
    std::span<const history::Operation* const> operations,
    const Model& model,
    const Model::State& initial);

/// From the model's own initial state on.
[[nodiscard]] bool linearizable_by_brute_force(
    std::span<const history::Operation* const> operations, const Model& model);

}  // namespace squall::checker
