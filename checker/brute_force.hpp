// The definition of linearizability, tried out: every order of a handful of operations. It shares
// nothing with the search but the model's `apply`, so that it can contradict it.
#pragma once

#include <cstddef>
#include <span>

#include "checker/model.hpp"
#include "history/operation.hpp"

namespace squall::checker {

/// Beyond this many operations trying every order takes too long.
inline constexpr std::size_t brute_force_max = 8;

/// Is there an order that respects real time and the model? Failed operations are left out, those
/// of unknown outcome may take effect after their invocation or never.
[[nodiscard]] bool linearizable_by_brute_force(
    std::span<const history::Operation* const> operations, const Model& model);

}  // namespace squall::checker
