// Two things of a plan left out together: what delta debugging leaves is small only as long as one
// thing is taken at a time, and some go in pairs. Only for plans that are small already. Pure.
#pragma once

#include <memory>

#include "harness/shrink/passes.hpp"

namespace squall::harness::shrink {

[[nodiscard]] std::unique_ptr<Pass> without_two_faults(const Plan& plan);

/// For plans that list their operations.
[[nodiscard]] std::unique_ptr<Pass> without_two_operations(const Plan& plan);

}  // namespace squall::harness::shrink
