#include "checker/progress.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace squall::checker {

namespace {

using history::Event;
using history::EventType;

/// A key that was asked for through a node in the final phase.
struct FinalRead {
    const Event* first_asked = nullptr;
    bool served = false;
};

/// What happened once everything was undone. What was asked before proves nothing: it may have been
/// answered while the faults were being healed.
struct Recovery {
    const Event* healed = nullptr;   ///< The note `phase: settle`.
    const Event* success = nullptr;  ///< The first.
    std::uint64_t asked = 0;
    bool not_undone = false;   ///< Some fault could not be healed in time.
    bool over_budget = false;  ///< Faults took more nodes for ever than a cluster bears.
    std::string quorum;        ///< Not empty: only a quorum was healed, in words.
    bool done = false;         ///< The run came to its planned end.
    std::map<std::pair<history::NodeId, std::string>, FinalRead> final_reads;
};

void note(const Event& event, Recovery& recovery) {
    if (event.text == "phase: settle") {
        recovery.healed = &event;
    } else if (event.text.starts_with("heal: not undone in time")) {
        recovery.not_undone = true;
    } else if (event.text.starts_with("beyond the fault budget")) {
        recovery.over_budget = true;
    } else if (event.text.starts_with("heal: a quorum only")) {
        recovery.quorum = event.text;
    } else if (event.text == "phase: done") {
        recovery.done = true;
    }
}

Recovery recovery_of(std::span<const Event> events) {
    Recovery recovery;
    std::map<history::ClientId, const Event*> open;  // Asked after healing.
    for (const Event& event : events) {
        if (event.type == EventType::note) {
            note(event, recovery);
        } else if (recovery.healed == nullptr) {
            continue;
        } else if (event.type == EventType::invoke) {
            ++recovery.asked;
            open[event.client] = &event;
            if (event.final_read) {
                FinalRead& read = recovery.final_reads[{event.node, event.key}];
                read.first_asked = read.first_asked == nullptr ? &event : read.first_asked;
            }
        } else if (const auto found = open.find(event.client);
                   event.type == EventType::ok && found != open.end()) {
            recovery.success = recovery.success == nullptr ? &event : recovery.success;
            const Event& invocation = *found->second;
            if (invocation.final_read) {
                recovery.final_reads[{invocation.node, invocation.key}].served = true;
            }
        }
    }
    return recovery;
}

/// Why the harness, not the cluster, may be to blame for what came late; empty if it is not.
std::string excuse(const Recovery& recovery, const ProgressLimits& limits, const LagFacts& lag) {
    if (recovery.not_undone) {
        return "some fault could not be undone in time";
    }
    if (recovery.over_budget) {
        return "faults had taken more nodes for ever than a cluster bears";
    }
    if (2 * lag.recovery_loop_lag_max > limits.election_timeout) {
        return fmt::format("the machine kept the harness or a node waiting for {:.3f} s",
                           history::to_seconds(lag.recovery_loop_lag_max));
    }
    return {};
}

/// What is owed, and by whom.
std::string owed(const Recovery& recovery, const ProgressLimits& limits) {
    // "heal: a quorum only, for ever broken: n2 n5"
    const std::size_t colon = recovery.quorum.rfind(": ");
    return fmt::format("bound {:.3f} s{}",
                       history::to_seconds(limits.recovery_bound),
                       recovery.quorum.empty() ? std::string()
                                               : "; only a quorum was healed, without " +
                                                     recovery.quorum.substr(colon + 2));
}

void fail(Check& check, const std::string& what, const std::string& excuse) {
    check.verdict = excuse.empty() ? Verdict::invalid : Verdict::unknown;
    check.reason = excuse.empty() ? what : what + ", but " + excuse;
}

/// Every key that was asked for through every node has to be served in the end.
void check_final_reads(const Recovery& recovery,
                       history::Time end,
                       const ProgressLimits& limits,
                       const std::string& excuse,
                       Check& check) {
    for (const auto& [where, read] : recovery.final_reads) {
        if (read.served) {
            continue;
        }
        const history::Duration waited = end - read.first_asked->time;
        const std::string what = fmt::format("key {} was not read through n{} in {:.3f} s ({})",
                                             where.second,
                                             where.first,
                                             history::to_seconds(waited),
                                             owed(recovery, limits));
        check.evidence.push_back(read.first_asked->index);
        if (waited >= limits.recovery_bound) {
            fail(check, what, excuse);
            return;
        }
        check.verdict = Verdict::unknown;
        check.reason = what;
    }
}

/// Nobody can do that to himself but on purpose.
bool by_another_hand(const CrashFinding& finding) {
    return finding.how.starts_with("signal 9 ");
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
    const history::Duration watched = events.back().time - healed_at;
    const std::string excused = excuse(recovery, limits, lag);
    check.evidence.push_back(recovery.healed->index);
    if (!recovery.quorum.empty()) {
        check.details.push_back(recovery.quorum);
    }
    if (recovery.success != nullptr &&
        recovery.success->time - healed_at <= limits.recovery_bound) {
        check.verdict = Verdict::valid;
        check.evidence.push_back(recovery.success->index);
        check.details.push_back(
            fmt::format("served again {:.3f} s after healing",
                        history::to_seconds(recovery.success->time - healed_at)));
        check_final_reads(recovery, events.back().time, limits, excused, check);
    } else if (recovery.asked == 0) {
        check.reason = "nothing was asked of the cluster after healing";
    } else if (!recovery.done && watched < limits.recovery_bound) {
        check.reason =
            fmt::format("the run ended {:.3f} s after healing, before the bound of {:.3f} s",
                        history::to_seconds(watched),
                        history::to_seconds(limits.recovery_bound));
    } else {
        fail(check,
             fmt::format("of {} operations asked after healing none succeeded within {:.3f} s ({})",
                         recovery.asked,
                         history::to_seconds(std::min(watched, limits.recovery_bound)),
                         owed(recovery, limits)),
             excused);
        if (recovery.success != nullptr) {
            check.details.push_back(
                fmt::format("the first success came after {:.3f} s",
                            history::to_seconds(recovery.success->time - healed_at)));
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
    const auto own = std::find_if_not(findings.begin(), findings.end(), by_another_hand);
    const bool crashed = own != findings.end();
    check.verdict = crashed ? Verdict::invalid : Verdict::unknown;
    const CrashFinding& first = crashed ? *own : findings.front();
    check.reason = crashed
                       ? fmt::format("n{} ended by itself: {}", first.node, first.how)
                       : fmt::format(
                             "n{} was ended by {}, which Squall did not send: by the kernel for "
                             "want of memory (see dmesg), or by somebody else",
                             first.node,
                             first.how);
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
