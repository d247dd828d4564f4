// A plan's configuration made plainer: the limits of its nodes, and what is healed at the end.
// Pure.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "harness/plan.hpp"

namespace squall::harness::shrink {

/// Changes one thing; nothing when the plan has it so already.
using Edit = std::function<std::optional<Plan>(const Plan&)>;

/// The value that a plan has when nobody asks for one, where that still fails.
[[nodiscard]] std::vector<Edit> usual_configuration();

/// Less room wherever a plan has another value than the usual one: nodes that take snapshots or
/// fill windows, segments and messages sooner need fewer operations for it. Smallest first.
[[nodiscard]] std::vector<Edit> less_room();

}  // namespace squall::harness::shrink
