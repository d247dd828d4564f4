// Reads results.json back, so that reports can be made again from a run's directory.
#pragma once

#include <string>

#include "harness/results.hpp"

namespace squall::harness::report {

/// `plan` is the run's plan.json, which results.json does not repeat. `name` is only for messages.
/// Throws Failure when the text is no results of a version that this program knows.
[[nodiscard]] Results results_from_json(const std::string& text,
                                        const std::string& name,
                                        Plan plan);

}  // namespace squall::harness::report
