#include "harness/process/cpu_waits.hpp"

#include <algorithm>
#include <utility>

namespace squall::harness::process {

using history::Duration;

void CpuWaits::see(const ThreadReadings& threads, Duration since) {
    std::map<pid_t, Known> known;
    for (const auto& [thread, times] : threads) {
        const auto before = known_.find(thread);
        Known next{.last = times};
        if (before != known_.end()) {
            const Known& then = before->second;
            Duration waited{};
            if (times.turns != then.last.turns) {
                waited = times.waited - then.last.waited - then.ahead;
            } else if (times.runnable && then.last.runnable && times.ran == then.last.ran) {
                waited = since;  // It waits still.
                next.ahead = then.ahead + since;
            }
            next.interval = std::max(waited, Duration::zero());
            worst_ = std::max(worst_, next.interval + then.interval);
        }
        known.emplace(thread, next);
    }
    known_ = std::move(known);
}

Duration CpuWaits::take_worst() {
    return std::exchange(worst_, Duration::zero());
}

}  // namespace squall::harness::process
