// Liveness in the small: after everything was healed the cluster must serve again within a bound,
// and no node may end that nobody ended. Pure. A cluster cannot be blamed for being late if
// the machine kept it, or the harness, from running, so that a failure under lag is *unknown*.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "checker/check.hpp"
#include "history/event.hpp"

namespace squall::checker {

struct ProgressLimits {
    history::Duration recovery_bound{};    ///< From healing to the first success.
    history::Duration election_timeout{};  ///< The longest one of the cluster.
};

/// Did the machine let the harness and the nodes run? Zero in the simulator.
struct LagFacts {
    history::Duration recovery_loop_lag_max{};  ///< Worst lateness or wait for a CPU after healing.
};

/// Check "progress": of what was asked after the note `phase: settle` (everything undone) something
/// completed ok within the bound, and every key that the final phase asked for through a node was
/// served. Where only a quorum was healed, the final phase asks through its nodes alone; the bound
/// is the same. *unknown* when the run ends before the bound, when nothing was asked, when a fault
/// could not be undone or took a majority for ever, or when lag above half an election timeout
/// excuses the cluster.
[[nodiscard]] Check progress_check(std::span<const history::Event> events,
                                   const ProgressLimits& limits,
                                   const LagFacts& lag);

/// A node ended though nobody ended it.
struct CrashFinding {
    history::NodeId node = 0;
    std::string how;         ///< "signal 6 (Aborted)", "exit code 3".
    std::string last_words;  ///< End of its stderr.
};

/// Check "no-crash". A SIGKILL that nobody here sent is no crash of the node's: *unknown*.
[[nodiscard]] Check crash_check(std::span<const CrashFinding> findings);

}  // namespace squall::checker
