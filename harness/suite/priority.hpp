// Where time pays: what a cell's past says about how much of a night it deserves. Pure.
#pragma once

#include <string>

#include "harness/store/results_store.hpp"
#include "harness/suite/cells.hpp"

namespace squall::harness::suite {

/// Of the pairs (fault class of the cell, leader or follower) the share that no run of it has met;
/// 1 without faults only when it never ran.
[[nodiscard]] double uncovered_share(const Cell& cell, const store::CellPast& past);

/// The weight by the file, times
///   2 for a cell that was never run,
///   1 to 2 by the share of what it never covered,
///   1 to 3 by its recent failures (half as much more for each),
///   1.5 when it has not come to its end with this version of squall.
[[nodiscard]] double deserved_weight(const Cell& cell,
                                     const store::CellPast& past,
                                     const std::string& version);

}  // namespace squall::harness::suite
