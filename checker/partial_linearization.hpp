// How far an explanation of a bad history gets, for people: the longest order of some operations
// that the model accepts, and why nothing that could come next fits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "checker/linearization.hpp"
#include "checker/model.hpp"
#include "history/operation.hpp"

namespace squall::checker {

/// More operations than this are not tried: nobody could read the drawing.
inline constexpr std::size_t partial_linearization_max = 100;

/// The one with the most completed operations, of those the one with the fewest of unknown outcome.
/// After `tries` applications of the model it is the best one seen. Empty for too many operations.
[[nodiscard]] PartialLinearization longest_partial_linearization(
    std::span<const history::Operation* const> operations,
    const Model& model,
    const Model::State& initial,
    std::uint64_t tries = 200'000);

}  // namespace squall::checker
