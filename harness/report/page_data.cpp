#include "harness/report/page_data.hpp"

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include "harness/report/escape.hpp"
#include "harness/report/words.hpp"

namespace squall::harness::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t rows_max = 5000;  ///< Faults, notes.
constexpr std::size_t lines_max = 200;  ///< Details and evidence of one finding.
constexpr std::size_t line_bytes_max = 1000;

std::string line(const std::string& text) {
    return shortened(text, line_bytes_max);
}

Json checks_json(const Results& results) {
    Json checks = Json::array();
    for (const checker::Check& check : results.checks) {
        Json details = Json::array();
        for (std::size_t i = 0; i < std::min(check.details.size(), lines_max); ++i) {
            details.push_back(line(check.details[i]));
        }
        Json evidence = Json::array();
        for (std::size_t i = 0; i < std::min(check.evidence.size(), lines_max); ++i) {
            evidence.push_back(check.evidence[i]);
        }
        checks.push_back({{"name", check.name},
                          {"detector", check.detector},
                          {"verdict", checker::to_string(check.verdict)},
                          {"reason", line(check.reason)},
                          {"details", details},
                          {"details_left_out", check.details.size() - details.size()},
                          {"evidence", evidence}});
    }
    return checks;
}

Json summary_json(const Results& results) {
    Json rows = Json::array();
    for (const auto& [name, summary] : results.faults) {
        rows.push_back({name, fault_line(summary)});
    }
    return rows;
}

/// plan.json without the long lists: they are drawn.
Json configuration_json(const Plan& plan) {
    Plan bare = plan;
    bare.faults.clear();
    bare.deleted_operations.clear();
    Json json = Json::parse(to_json(bare));
    json.erase("faults");
    return json;
}

std::set<std::uint64_t> evidence_of(const Results& results) {
    std::set<std::uint64_t> evidence;
    for (const checker::Check& check : results.checks) {
        if (check.verdict != checker::Verdict::valid) {
            const auto count = std::min(check.evidence.size(), lines_max);
            evidence.insert(check.evidence.begin(),
                            check.evidence.begin() + static_cast<std::ptrdiff_t>(count));
        }
    }
    return evidence;
}

Json targets_json(const history::FaultRecord& fault) {
    Json targets = Json::array();
    for (const history::FaultTarget& target : fault.targets) {
        targets.push_back({target.node, target.role});
    }
    return targets;
}

}  // namespace

Json page_faults(std::span<const history::Event> events) {
    Json faults = Json::array();
    std::map<std::uint64_t, std::size_t> rows;
    for (const history::Event& event : events) {
        if (!event.fault) {
            continue;
        }
        const history::FaultRecord& fault = *event.fault;
        const std::int64_t at = event.time.count() / 1000;
        const auto row = rows.find(fault.id);
        if (fault.phase == history::FaultPhase::end && row != rows.end()) {
            faults[row->second]["end"] = at;
            faults[row->second]["effect"] = fault.effect;
        } else if (fault.phase != history::FaultPhase::end && faults.size() < rows_max) {
            rows[fault.id] = faults.size();
            faults.push_back({{"id", fault.id},
                              {"name", fault.name},
                              {"skipped", fault.phase == history::FaultPhase::skipped},
                              {"detail", line(fault.detail)},
                              {"targets", targets_json(fault)},
                              {"begin", at},
                              {"end", nullptr},
                              {"effect", Json::object()}});
        }
    }
    return faults;
}

Json page_logs(std::span<const LogLine> logs, Time origin) {
    Json lines = Json::array();
    for (const LogLine& log : logs) {
        if (lines.size() < rows_max) {
            lines.push_back({(log.raw_time_ns - origin.count()) / 1000,
                             log.node,
                             shortened(log.text, page_text_max)});
        }
    }
    return lines;
}

Json page_notes(std::span<const history::Event> events) {
    Json notes = Json::array();
    for (const history::Event& event : events) {
        if (event.type == history::EventType::note && notes.size() < rows_max) {
            notes.push_back({event.time.count() / 1000, line(event.text)});
        }
    }
    return notes;
}

std::string page_data(const Results& results, const Story& story) {
    const history::Pairing pairing = history::pair(story.events);
    const Time last = story.events.empty() ? Time{} : story.events.back().time;
    Json reasons = Json::array();
    for (std::size_t i = 0; i < std::min(results.reasons.size(), lines_max); ++i) {
        reasons.push_back(line(results.reasons[i]));
    }
    const Json json = {
        {"verdict", to_string(results.verdict)},
        {"reasons", reasons},
        {"command", results.command},
        {"reproduce", reproduce_command(results)},
        {"version", results.version},
        {"seed", results.plan.seed},
        {"bug", results.plan.bug},
        {"end", last.count() / 1000},
        {"counts", counts_line(results.operations)},
        {"final_counts", counts_line(results.final_reads)},
        {"ok_per_second", results.operations_per_second},
        {"lag_ms", static_cast<double>(results.lag.loop_lag_max.count()) / 1e6},
        {"lag_recovery_ms", static_cast<double>(results.lag.loop_lag_recovery_max.count()) / 1e6},
        {"cpu_steal", results.lag.cpu_steal},
        {"checks", checks_json(results)},
        {"fault_summary", summary_json(results)},
        {"configuration", configuration_json(results.plan)},
        {"faults", page_faults(story.events)},
        {"notes", page_notes(story.events)},
        {"series", page_series(pairing.operations, last)},
        {"nodes", page_nodes(story.traces, results.monotonic_origin)},
        {"logs", page_logs(story.logs, results.monotonic_origin)},
        {"no_nodes", story.no_traces},
        {"operations", page_operations(pairing.operations, evidence_of(results))},
    };
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace squall::harness::report
