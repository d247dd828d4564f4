#include "checker/progress.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

namespace squall::checker {

namespace {

using history::Event;
using history::EventType;

double seconds(history::Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

/// What happened after the last healing.
struct Recovery {
    const Event* healed = nullptr;
    const Event* success = nullptr;  ///< The first.
    std::uint64_t asked = 0;
    bool done = false;  ///< The run came to its planned end.
};

/// Does the success of this operation need a working majority? A plain read of the main phase does
/// not say so: it may have been answered before the healing took hold.
bool counts(const Event& invocation) {
    return invocation.final_read || invocation.function != "read";
}

Recovery recovery_of(std::span<const Event> events) {
    Recovery recovery;
    std::map<history::ClientId, const Event*> open;
    for (const Event& event : events) {
        switch (event.type) {
            case EventType::note:
                if (event.text == "phase: heal") {
                    recovery = Recovery{&event, nullptr, 0, false};
                }
                recovery.done = recovery.done || event.text == "phase: done";
                break;
            case EventType::invoke:
                open[event.client] = &event;
                recovery.asked += counts(event) ? 1U : 0U;
                break;
            case EventType::ok:
                if (const auto found = open.find(event.client);
                    recovery.success == nullptr && found != open.end() && counts(*found->second)) {
                    recovery.success = &event;
                }
                break;
            case EventType::fail:
            case EventType::info:
            case EventType::fault:
                break;
        }
    }
    return recovery;
}

}  // namespace

Check progress_check(std::span<const Event> events,
                     const ProgressLimits& limits,
                     const LagFacts& lag) {
    Check check;
    check.name = "progress";
    check.detector = "progress";
    check.verdict = Verdict::unknown;
    const Recovery recovery = recovery_of(events);
    if (recovery.healed == nullptr) {
        check.reason = "the run ended before its faults were healed";
        return check;
    }
    const history::Time healed_at = recovery.healed->time;
    check.evidence.push_back(recovery.healed->index);
    if (recovery.success != nullptr &&
        recovery.success->time - healed_at <= limits.recovery_bound) {
        check.verdict = Verdict::valid;
        check.evidence.push_back(recovery.success->index);
        check.details.push_back(fmt::format("served again {:.3f} s after healing",
                                            seconds(recovery.success->time - healed_at)));
        return check;
    }
    const history::Duration watched = events.back().time - healed_at;
    if (recovery.asked == 0) {
        check.reason = "nothing was asked of the cluster after healing";
    } else if (!recovery.done && watched < limits.recovery_bound) {
        check.reason =
            fmt::format("the run ended {:.3f} s after healing, before the bound of {:.3f} s",
                        seconds(watched),
                        seconds(limits.recovery_bound));
    } else if (2 * lag.recovery_loop_lag_max > limits.election_timeout) {
        check.reason = fmt::format(
            "no success within {:.3f} s after healing, but the harness itself was up to {:.3f} s "
            "late",
            seconds(limits.recovery_bound),
            seconds(lag.recovery_loop_lag_max));
    } else {
        check.verdict = Verdict::invalid;
        check.reason =
            fmt::format("of {} operations asked after healing none succeeded within {:.3f} s",
                        recovery.asked,
                        seconds(std::min(watched, limits.recovery_bound)));
        if (recovery.success != nullptr) {
            check.details.push_back(fmt::format("the first success came after {:.3f} s",
                                                seconds(recovery.success->time - healed_at)));
        }
    }
    return check;
}

Check crash_check(std::span<const CrashFinding> findings) {
    Check check;
    check.name = "no-crash";
    check.detector = "process";
    if (findings.empty()) {
        return check;
    }
    check.verdict = Verdict::invalid;
    const CrashFinding& first = findings.front();
    check.reason = fmt::format("n{} ended by itself: {}", first.node, first.how);
    if (findings.size() > 1) {
        check.reason += fmt::format(" (and {} more unplanned exits)", findings.size() - 1);
    }
    for (const CrashFinding& finding : findings) {
        check.details.push_back(fmt::format("n{}: {}", finding.node, finding.how));
        if (!finding.last_words.empty()) {
            check.details.push_back(finding.last_words);
        }
    }
    return check;
}

}  // namespace squall::checker
