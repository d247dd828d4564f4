// Two faults of a plan made one: delta debugging only leaves things out, but a fault that lasts
// longer can often stand for several. Pure.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "harness/shrink/passes.hpp"

namespace squall::harness::shrink {

/// The plan with one fault instead of those at `i` and `j`, i < j, from the first's begin to the
/// later end: with both actions at once when they are of one kind, with the action of the first, or
/// with that of the second. Empty where an action is drawn only when its time comes.
[[nodiscard]] std::vector<Plan> joined(const Plan& plan, std::size_t i, std::size_t j);

/// Every pair, until none can be joined. Nothing to try in plans of many faults.
[[nodiscard]] std::unique_ptr<Pass> joined_faults(const Plan& plan);

}  // namespace squall::harness::shrink
