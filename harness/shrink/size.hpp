// How large a plan is, for people and for telling whether shrinking gets anywhere.
#pragma once

#include <cstddef>

#include "harness/plan.hpp"
#include "harness/run_size.hpp"

namespace squall::harness::shrink {

using Size = RunSize;
using harness::to_text;

/// Of a plan that lists its operations; of others `operations` is the number that its run made.
[[nodiscard]] Size size_of(const Plan& plan, std::size_t operations);

}  // namespace squall::harness::shrink
