// report.md: a run in words, fit for an issue tracker.
#pragma once

#include <string>

#include "harness/results.hpp"

namespace squall::harness::report {

[[nodiscard]] std::string markdown(const Results& results);

}  // namespace squall::harness::report
