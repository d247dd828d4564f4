// Smaller plans made from a plan. Each is a pure function that changes one thing and leaves all
// else as it was; whether the result still fails is for others to find out.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "harness/plan.hpp"

namespace squall::harness::shrink {

/// Positions in `faults`, ascending.
[[nodiscard]] Plan with_faults(const Plan& plan, std::span<const std::size_t> kept);

/// Positions in `operations`, ascending. Only for plans that list them, as everywhere below.
[[nodiscard]] Plan with_operations(const Plan& plan, std::span<const std::size_t> kept);

/// The main phase ends at `limit`; what would begin then or later is left out.
[[nodiscard]] Plan cut_at(const Plan& plan, Time limit);

/// One node fewer; those above it move down by one, and its clients turn to others. Nothing when
/// that leaves no cluster for the faults.
[[nodiscard]] std::optional<Plan> without_node(const Plan& plan, NodeId node);

/// Starts of operations, begins and ends of faults, and the start of the run, ascending, each once.
[[nodiscard]] std::vector<Time> moments(const Plan& plan);

/// Nothing happens for only `length` after the `index`-th moment, and all that follows moves up.
/// Nothing when it is no longer than that already, or there is no such moment.
[[nodiscard]] std::optional<Plan> with_gap(const Plan& plan, std::size_t index, Duration length);

/// No more clients, keys and fault classes than are used; nothing when that is so already.
[[nodiscard]] std::optional<Plan> tidied(const Plan& plan);

}  // namespace squall::harness::shrink
