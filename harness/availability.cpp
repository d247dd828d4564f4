#include "harness/availability.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <set>
#include <string>

#include <fmt/format.h>

#include "harness/availability_bound.hpp"
#include "nemesis/active_faults.hpp"
#include "workloads/workload.hpp"

namespace squall::harness {

namespace {

using history::Event;
using history::EventType;

/// Fewer prove nothing: the clients themselves may have been waiting.
constexpr std::uint64_t asked_min = 5;

bool only_cuts_or_stops(const nemesis::Fault& fault) {
    if (const auto* links = std::get_if<nemesis::LinkFault>(&fault.action)) {
        return std::all_of(links->rules.begin(), links->rules.end(), [](const auto& entry) {
            return entry.second == nemesis::LinkRule{.cut = entry.second.cut};
        });
    }
    return std::holds_alternative<nemesis::KillFault>(fault.action) ||
           std::holds_alternative<nemesis::PauseFault>(fault.action);
}

/// The nodes, as bits, of all majorities of running nodes whose members all hear one another.
std::uint32_t connected_majorities(const nemesis::ActiveFaults& faults,
                                   const std::set<NodeId>& gone,
                                   std::uint32_t nodes) {
    const auto hear = [&](NodeId a, NodeId b) {
        return !faults.rule({a, b}).cut && !faults.rule({b, a}).cut;
    };
    // Sets of nodes as bits: a plan has nine nodes at most.
    std::vector<std::uint32_t> heard(nodes, 0);
    std::uint32_t running = 0;
    for (NodeId a = 1; a <= nodes; ++a) {
        const bool runs = !faults.down(a) && !faults.paused(a) && !gone.contains(a);
        running |= (runs ? 1U : 0U) << (a - 1);
        for (NodeId b = 1; b <= nodes; ++b) {
            heard[a - 1] |= (a == b || hear(a, b) ? 1U : 0U) << (b - 1);
        }
    }
    std::uint32_t members = 0;
    for (std::uint32_t set = running; set > 0; set = (set - 1) & running) {
        bool together = 2 * static_cast<std::uint32_t>(__builtin_popcount(set)) > nodes;
        for (std::uint32_t node = 0; together && node < nodes; ++node) {
            together = ((set >> node) & 1U) == 0 || (set & ~heard[node]) == 0;
        }
        members |= together ? set : 0;
    }
    return members;
}

/// Of the note "node n3 exited: ...".
std::optional<NodeId> exited(const std::string& note) {
    unsigned node = 0;
    return std::sscanf(note.c_str(), "node n%3u exited: ", &node) == 1 &&
                   note.find(" exited: ") != std::string::npos
               ? std::optional<NodeId>(node)
               : std::nullopt;
}

/// Walks through the history and measures for how long nobody was served though somebody could be.
class Watch {
  public:
    Watch(const RunRecord& record, Duration bound) : record_(record), bound_(bound) {
        for (const nemesis::PlannedFault& fault : record.realised.faults) {
            planned_[fault.id] = &fault;
        }
    }

    checker::Check run() {
        checker::Check check;
        check.name = "availability";
        check.detector = "availability";
        for (const Event& event : record_.events) {
            see(event);
            if (violation_) {
                check.verdict = checker::Verdict::invalid;
                check.reason = *violation_;
                check.evidence = {silent_since_, event.index};
                return check;
            }
            if (event.text == "phase: heal") {
                break;
            }
        }
        check.details.push_back(
            fmt::format("at most {:.3f} s without a success while a majority "
                        "was connected, of {:.3f} s allowed",
                        history::to_seconds(longest_),
                        history::to_seconds(bound_)));
        return check;
    }

  private:
    /// Reads are served without the log, so each kind has to prove itself.
    struct Silence {
        Time since{};
        std::uint64_t event = 0;
        std::uint64_t asked = 0;  ///< Since then.
    };

    [[nodiscard]] Silence& silence_of(const Event& event) {
        return silences_[workloads::is_mutation(event.function) ? 1 : 0];
    }

    void see(const Event& event) {
        if (event.text == "phase: main") {
            begin(event);
        } else if (event.fault) {
            end(event.time);
            apply(*event.fault);
            begin(event);
        } else if (event.type == EventType::invoke) {
            // Whoever asks one of the others may never hear of those that could serve.
            const bool of_majority = event.node > 0 && ((members_ >> (event.node - 1)) & 1U) != 0;
            silence_of(event).asked += of_majority ? 1U : 0U;
        } else if (event.type == EventType::ok) {
            end(silence_of(event), event.time);
            silence_of(event) = {event.time, event.index, 0};
        } else if (event.type == EventType::note) {
            end(event.time);
            if (const std::optional<NodeId> node = exited(event.text)) {
                // One whose disk rotted never starts again; any other is about to.
                if (event.text.ends_with("exited: refused to start")) {
                    gone_.insert(*node);
                }
                begin(event);
            }
        }
    }

    void begin(const Event& event) {
        const auto& active = faults_.active();
        const bool judged = std::all_of(active.begin(), active.end(), [](const auto& entry) {
            return only_cuts_or_stops(entry.second);
        });
        members_ = judged ? connected_majorities(faults_, gone_, record_.plan.nodes) : 0;
        silences_.fill({event.time, event.index, 0});
    }

    void end(Time now) {
        for (const Silence& silence : silences_) {
            end(silence, now);
        }
    }

    void end(const Silence& silence, Time now) {
        if (members_ == 0 || silence.asked < asked_min) {
            return;
        }
        longest_ = std::max(longest_, now - silence.since);
        if (now - silence.since >= bound_ && !violation_) {
            violation_ = fmt::format(
                "for {:.3f} s no {} was served though a majority was up and connected, more than "
                "{:.3f} s",
                history::to_seconds(now - silence.since),
                &silence == &silences_[1] ? "mutation" : "read",
                history::to_seconds(bound_));
            silent_since_ = silence.event;
        }
    }

    void apply(const history::FaultRecord& fault) {
        if (fault.phase == history::FaultPhase::end) {
            faults_.end(fault.id);
        } else if (fault.phase == history::FaultPhase::begin) {
            const auto planned = planned_.find(fault.id);
            if (planned != planned_.end() && planned->second->action) {
                faults_.begin(fault.id, {fault.name, fault.detail, {}, *planned->second->action});
            }
        }
    }

    const RunRecord& record_;
    Duration bound_;
    std::map<FaultId, const nemesis::PlannedFault*> planned_;
    nemesis::ActiveFaults faults_;
    std::set<NodeId> gone_;      ///< For ever.
    std::uint32_t members_ = 0;  ///< Of connected majorities; 0: nothing is owed.
    std::array<Silence, 2> silences_{};
    std::uint64_t silent_since_ = 0;
    Duration longest_{};
    std::optional<std::string> violation_;
};

/// Over the main phase.
double mutations_per_second(const RunRecord& record) {
    double mutations = 0;
    Time end{};
    for (const Event& event : record.events) {
        end = event.time;
        if (event.text == "phase: heal") {
            break;
        }
        mutations +=
            event.type == EventType::invoke && workloads::is_mutation(event.function) ? 1 : 0;
    }
    return mutations / std::max(history::to_seconds(end), 1e-3);
}

}  // namespace

checker::Check availability_check(const RunRecord& record) {
    checker::Check check{.name = "availability", .detector = "availability"};
    if (!record.unplanned_exits.empty() ||
        2 * record.lag.loop_lag_max > record.plan.timing.election_max) {
        return check;
    }
    const std::optional<AvailabilityBound> bound =
        availability_bound(record.plan, record.delays, mutations_per_second(record));
    if (!bound) {
        check.details = {"not judged: with these timeouts and limits no bound can be given"};
        return check;
    }
    if (bound->bound > record.plan.time_limit) {
        check.details = {
            fmt::format("not judged: the bound, {:.3f} s, is longer than the main phase",
                        history::to_seconds(bound->bound))};
        return check;
    }
    check = Watch(record, bound->bound).run();
    check.details.push_back(fmt::format(
        "an election elects nobody with a probability of {:.3f} at most; one that takes "
        "longer than {:.3f} s has less than {:g}",
        bound->split,
        history::to_seconds(bound->election),
        availability_alarm_probability));
    return check;
}

}  // namespace squall::harness
