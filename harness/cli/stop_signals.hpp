// SIGINT and SIGTERM, counted: the first asks the run to heal, judge and report, the second to stop
// without healing (the run is void); the third ends the program on the spot.
#pragma once

#include <atomic>

namespace squall::harness::cli {

/// Installs the handlers once; the counter lives for ever.
[[nodiscard]] const std::atomic<int>& watch_stop_signals();

}  // namespace squall::harness::cli
