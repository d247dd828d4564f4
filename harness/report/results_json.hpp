// results.json: what programs read. Versioned; docs/results-format.md is its reference.
#pragma once

#include <string>

#include "harness/results.hpp"

namespace squall::harness::report {

/// Stable key order. Everything that depends on wall-clock stands under "timings".
[[nodiscard]] std::string results_json(const Results& results);

}  // namespace squall::harness::report
