// Availability under faults: while a majority of the nodes is up and connected, somebody has to be
// served within a bound, whatever happens to the others. Pure. Only times in which nothing but
// cuts, kills and pauses is in force are judged: what is merely slow owes nothing.
#pragma once

#include "checker/check.hpp"
#include "harness/run_record.hpp"

namespace squall::harness {

/// How long a connected majority may serve nobody: several elections, and then an operation.
[[nodiscard]] Duration availability_bound(const Plan& plan);

/// Check "availability". Times in which a node was gone for good, and runs in which the harness
/// itself was late, are not judged.
[[nodiscard]] checker::Check availability_check(const RunRecord& record);

}  // namespace squall::harness
