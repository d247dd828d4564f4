// Availability under faults: while a majority of the nodes is up and connected, somebody has to be
// served within a bound, whatever happens to the others. Pure. Only times in which nothing but
// cuts, kills and pauses is in force are judged: what is merely slow owes nothing.
#pragma once

#include "checker/check.hpp"
#include "harness/run_record.hpp"

namespace squall::harness {

/// Check "availability", with the bound of availability_bound.hpp. Runs in which a node ended by
/// itself, for which there is no bound, or in which the harness itself was late, are not judged.
[[nodiscard]] checker::Check availability_check(const RunRecord& record);

}  // namespace squall::harness
