// For how long threads of nodes had to wait for a CPU: a cluster that the machine starves cannot be
// blamed for being late. Pure; harness/process/thread_times.hpp reads what the kernel says.
#pragma once

#include <cstdint>
#include <map>
#include <sys/types.h>

#include "history/event.hpp"

namespace squall::harness::process {

/// One thread since it began (Linux, Documentation/scheduler/sched-stats: /proc/PID/schedstat).
struct ThreadTimes {
    history::Duration ran{};
    history::Duration waited{};  ///< Runnable, but not running. Grows when the wait is over.
    std::uint64_t turns = 0;     ///< How often it got a CPU.
    bool runnable = false;       ///< State R: it runs or waits.
};

using ThreadReadings = std::map<pid_t, ThreadTimes>;

class CpuWaits {
  public:
    /// All threads there are now, `since` after the readings before. Threads that are new are known
    /// from now on.
    void see(const ThreadReadings& threads, history::Duration since);

    /// The longest that one thread waited in two neighbouring intervals together, since this was
    /// last asked.
    [[nodiscard]] history::Duration take_worst();

  private:
    struct Known {
        ThreadTimes last;
        history::Duration ahead{};     ///< Counted already, of a wait that is not over.
        history::Duration interval{};  ///< Waited in the interval before.
    };

    std::map<pid_t, Known> known_;
    history::Duration worst_{};
};

}  // namespace squall::harness::process
