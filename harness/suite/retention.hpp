// Which runs' directories may go when the disk budget is spent. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "harness/store/results_store.hpp"

namespace squall::harness::suite {

/// What to delete, in this order, until the rest is within the budget: runs without a failure,
/// oldest first; then failures of which later runs are kept, too, oldest first. The last run of
/// each signature stays, whatever the budget. `runs`: oldest first.
[[nodiscard]] std::vector<store::KeptRun> to_delete(const std::vector<store::KeptRun>& runs,
                                                    std::uint64_t bytes_max);

}  // namespace squall::harness::suite
