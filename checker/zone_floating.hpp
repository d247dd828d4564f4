// Finds room in an order of eras for operations that fit into any era, or into any but one. Greedy:
// each goes to the first place that real time and its condition allow, if need be behind a mutation
// of unknown outcome that nobody else saw. That always works for those without a condition.
#pragma once

#include <cstdint>
#include <vector>

#include "checker/zone_input.hpp"

namespace squall::checker {

/// `order` holds places among the part's operations, in an order that respects real time; `spare`
/// those of mutations that fit upon any state and may have taken effect or not, in order of
/// invocation. False: one found no room; it and those behind it are not in the order.
[[nodiscard]] bool let_float(const ZoneInput& input,
                             const std::vector<std::uint32_t>& spare,
                             std::vector<std::uint32_t>& order);

}  // namespace squall::checker
