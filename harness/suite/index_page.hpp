// The page of a suite: one file that works from disk beside the runs that it links to. Groups of
// failures first, then the matrix of cells, then the trend over nights. Pure.
#pragma once

#include <string>

#include "harness/suite/summary.hpp"

namespace squall::harness::suite {

[[nodiscard]] std::string index_page(const SuiteSummary& summary);

}  // namespace squall::harness::suite
