// A scorecard as people read it: a table of the bugs, one of the detectors, and the bars. Pure.
#pragma once

#include <string>

#include "harness/scorecard.hpp"

namespace squall::harness {

[[nodiscard]] std::string to_text(const Scorecard& card);

}  // namespace squall::harness
