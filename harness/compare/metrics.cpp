#include "harness/compare/metrics.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "history/operation.hpp"

namespace squall::harness::compare {
namespace {

using Interval = std::pair<Time, Time>;

/// From "phase: main" to "phase: heal".
Interval main_phase(const RunRecord& record) {
    Interval phase{Time{}, record.elapsed};
    for (const history::Event& event : record.events) {
        if (event.text == "phase: main") {
            phase.first = event.time;
        } else if (event.text == "phase: heal") {
            phase.second = event.time;
            break;
        }
    }
    return phase;
}

std::vector<Interval> leaderships(std::span<const checker::TraceRecord> traces, Time origin) {
    struct Life {
        std::optional<Time> leader_since;
        Time last{};
    };

    std::map<std::pair<NodeId, std::uint64_t>, Life> lives;
    std::vector<Interval> found;
    for (const checker::TraceRecord& record : traces) {
        Life& life = lives[{record.node, record.incarnation}];
        life.last = Time(record.raw_time_ns) - origin;
        if (const auto* role = std::get_if<checker::TraceRole>(&record.body)) {
            if (life.leader_since && role->role != "leader") {
                found.emplace_back(*life.leader_since, life.last);
                life.leader_since.reset();
            } else if (!life.leader_since && role->role == "leader") {
                life.leader_since = life.last;
            }
        }
    }
    for (const auto& [id, life] : lives) {
        if (life.leader_since) {
            found.emplace_back(*life.leader_since, life.last);
        }
    }
    return found;
}

/// Of the phase, in which no interval lies.
double uncovered(std::vector<Interval> intervals, const Interval& phase) {
    std::ranges::sort(intervals);
    Duration missing{};
    Time covered = phase.first;
    for (const auto& [begin, end] : intervals) {
        const Time from = std::min(begin, phase.second);
        missing += from > covered ? from - covered : Duration{};
        covered = std::max(covered, std::min(end, phase.second));
    }
    missing += phase.second > covered ? phase.second - covered : Duration{};
    return history::to_seconds(missing);
}

}  // namespace

Measured measure(const RunRecord& record,
                 std::span<const checker::TraceRecord> traces,
                 const SimulatorFacts* facts) {
    Measured measured;
    const Interval phase = main_phase(record);
    const double length = history::to_seconds(phase.second - phase.first);
    if (length <= 0) {
        return measured;
    }
    std::uint64_t served = 0;
    Duration waited{};
    for (const history::Operation& operation : history::pair(record.events).operations) {
        if (operation.outcome == history::Outcome::ok && !operation.final_read) {
            ++served;
            waited += operation.completed_at - operation.invoked_at;
        }
    }
    const auto operations = static_cast<double>(served);
    measured[0] = operations / length;
    if (served > 0) {
        measured[1] = history::to_seconds(waited) * 1e3 / operations;
    }
    if (!traces.empty() && (facts != nullptr || record.monotonic_origin.count() > 0)) {
        measured[2] = 100 * uncovered(leaderships(traces, record.monotonic_origin), phase) / length;
    }
    if (facts != nullptr) {
        if (served > 0) {
            measured[3] = static_cast<double>(facts->messages) / operations;
            measured[4] = static_cast<double>(facts->payload_bytes) / operations;
        }
        measured[5] =
            history::to_seconds(facts->processor_time) * 1e3 / history::to_seconds(record.elapsed);
    }
    return measured;
}

}  // namespace squall::harness::compare
