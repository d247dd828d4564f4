// junit.xml: the checks of a run as test cases, for CI systems. Invalid is a failure; unknown and
// void are errors, since neither says that the system is right.
#pragma once

#include <string>

#include "harness/results.hpp"

namespace squall::harness::report {

[[nodiscard]] std::string junit(const Results& results);

}  // namespace squall::harness::report
