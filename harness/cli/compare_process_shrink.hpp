// Cuts a failure of the patch on real processes down, by repetition, with `squall shrink` as a
// child, and runs what is left on the base as often.
#pragma once

#include <chrono>

#include "harness/cli/compare_processes.hpp"
#include "harness/cli/compare_session.hpp"

namespace squall::harness::cli {

/// Fills in what the failure says of shrinking; if that came to nothing, why. What is left goes to
/// shrunk/ in its directory, and the base's run of it beside that. The search takes `search_time`
/// at most; to confirm what it found, and the base, take a few runs more. Under a reaper only.
/// Throws Interrupted.
void shrink_on_processes(CompareSession& session,
                         const RealSide& base,
                         const RealSide& patch,
                         compare::KeptFailure& failure,
                         std::chrono::nanoseconds search_time);

}  // namespace squall::harness::cli
