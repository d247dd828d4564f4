// SIGINT and SIGTERM, counted: the first asks the run to heal, judge and report, the second to stop
// without healing (the run is void, and judged as such); the third, or the second when only the
// judging is left, ends the program on the spot. Whatever it had started, the reaper ends.
#pragma once

#include <atomic>

namespace squall::harness::cli {

/// Installs the handlers once; the counter lives for ever.
[[nodiscard]] const std::atomic<int>& watch_stop_signals();

/// The run has ended: from here on nothing looks at the counter.
void only_judging_is_left();

}  // namespace squall::harness::cli
