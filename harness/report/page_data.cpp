#include "harness/report/page_data.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/report/check_meaning.hpp"
#include "harness/report/escape.hpp"
#include "harness/report/fault_rows.hpp"
#include "harness/report/reproduction.hpp"
#include "harness/report/words.hpp"

namespace squall::harness::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t line_bytes_max = 1000;
constexpr std::size_t reason_bytes_max = 4000;
constexpr std::size_t effects_max = 20;

/// Fewer than this are never shown: what is left then is small whatever it holds.
constexpr std::size_t operations_least = 1000;

PageLimits halved(const PageLimits& limits) {
    return {.operations = limits.operations / 2,
            .texts_bytes = limits.texts_bytes / 2,
            .rows = limits.rows / 2,
            .points = limits.points / 2 + 1,
            .lines = limits.lines / 2 + 1};
}

std::string line(const std::string& text) {
    return shortened(text, line_bytes_max);
}

/// [initial, [[operation, state], ...], [[operation, why not], ...]].
Json linearization_json(const checker::Check& check) {
    if (!check.linearization) {
        return {};
    }
    Json steps = Json::array();
    for (const checker::LinearizedStep& step : check.linearization->steps) {
        steps.push_back({step.operation, shortened(step.state, page_text_max)});
    }
    Json blocked = Json::array();
    for (const checker::Blocked& operation : check.linearization->blocked) {
        blocked.push_back({operation.operation, shortened(operation.why, page_text_max)});
    }
    return Json::array({shortened(check.linearization->initial, page_text_max),
                        std::move(steps),
                        std::move(blocked)});
}

Json checks_json(const Results& results, const Material& material, const PageLimits& limits) {
    Json checks = Json::array();
    for (const checker::Check& check : results.checks) {
        Json details = Json::array();
        const std::span<const std::string> further = further_details(check);
        for (std::size_t i = 0; i < std::min(further.size(), limits.lines); ++i) {
            details.push_back(line(further[i]));
        }
        Json evidence = Json::array();
        for (std::size_t i = 0; i < std::min(check.evidence.size(), limits.lines); ++i) {
            evidence.push_back(check.evidence[i]);
        }
        checks.push_back({{"name", check.name},
                          {"detector", check.detector},
                          {"verdict", checker::to_string(check.verdict)},
                          {"reason", shortened(check.reason, reason_bytes_max)},
                          {"meaning", check_meaning(check.name)},
                          {"details", details},
                          {"details_left_out", further.size() - details.size()},
                          {"evidence", evidence},
                          {"linearization", linearization_json(check)},
                          {"at", page_moment(check, material, results.monotonic_origin)}});
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

std::set<std::uint64_t> evidence_of(const Results& results, const PageLimits& limits) {
    std::set<std::uint64_t> evidence;
    for (const checker::Check& check : results.checks) {
        if (check.verdict != checker::Verdict::valid) {
            const auto count = std::min(check.evidence.size(), limits.lines);
            evidence.insert(check.evidence.begin(),
                            check.evidence.begin() + static_cast<std::ptrdiff_t>(count));
        }
    }
    return evidence;
}

Json fault_json(const FaultRow& fault) {
    Json targets = Json::array();
    for (const history::FaultTarget& target : fault.targets) {
        targets.push_back({target.node, target.role});
    }
    Json effect = Json::array();
    for (const auto& [what, amount] : fault.effect) {
        if (effect.size() < effects_max) {
            effect.push_back(line(effect_words(what, amount)));
        }
    }
    return {{"id", fault.id},
            {"name", line(fault.name)},
            {"skipped", fault.skipped},
            {"detail", line(fault.detail)},
            {"targets", targets},
            {"begin", fault.begin.count() / 1000},
            {"end", fault.end ? Json(fault.end->count() / 1000) : Json()},
            {"effect", effect}};
}

/// When the first finding came about, for what is only shown around it.
Time first_moment(const Json& checks) {
    std::int64_t first = INT64_MAX;
    for (const Json& check : checks) {
        if (check.at("verdict") != "valid" && !check.at("at").is_null()) {
            first = std::min(first, check.at("at").at(0).get<std::int64_t>());
        }
    }
    return std::chrono::microseconds(first == INT64_MAX ? 0 : first);
}

/// [what, command, how often, page].
Json again_json(const Results& results) {
    Json ways = Json::array();
    for (const WayAgain& way : ways_again(results)) {
        ways.push_back({way.what, way.command, way.how_often, way.page});
    }
    return ways;
}

Json page_json(const Results& results,
               const Material& material,
               const Story& story,
               std::span<const history::Operation> operations,
               const PageLimits& limits) {
    const Time last = material.events.empty() ? Time{} : material.events.back().time;
    const std::set<std::uint64_t> evidence = evidence_of(results, limits);
    Json checks = checks_json(results, material, limits);
    const Time moment = first_moment(checks);
    Json reasons = Json::array();
    for (std::size_t i = 0; i < std::min(results.reasons.size(), limits.lines); ++i) {
        reasons.push_back(shortened(results.reasons[i], reason_bytes_max));
    }
    return {
        {"verdict", to_string(results.verdict)},
        {"verdict_meaning", verdict_meaning(results.verdict)},
        {"undecided", undecided_words(results)},
        {"after_headline", shortened(after_headline(results), reason_bytes_max)},
        {"reasons", reasons},
        {"command", results.command},
        {"again", again_json(results)},
        {"cut_down", shrinkage_words(results)},
        {"whole_run", results.shrunk_from ? "../report.html" : ""},
        {"shrink_command", shrink_command(results)},
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
        {"checks", std::move(checks)},
        {"story", page_story(story, material, results.monotonic_origin)},
        {"coverage", page_coverage(material, results.monotonic_origin)},
        {"reproduction", reproduction_words(results)},
        {"fault_summary", summary_json(results)},
        {"configuration", configuration_json(results.plan)},
        {"faults", page_faults(material.events, limits)},
        {"notes", page_notes(material.events, limits)},
        {"series", page_series(operations, last)},
        {"nodes", page_nodes(material.traces, results.monotonic_origin, limits)},
        {"logs", page_logs(material.logs, results.monotonic_origin, moment, limits)},
        {"no_nodes", material.no_traces},
        {"operations", page_operations(operations, evidence, limits)},
    };
}

}  // namespace

Json page_faults(std::span<const history::Event> events, const PageLimits& limits) {
    const std::vector<FaultRow> rows = fault_rows(events);
    Json faults = Json::array();
    for (std::size_t i = 0; i < std::min(rows.size(), limits.rows); ++i) {
        faults.push_back(fault_json(rows[i]));
    }
    return {{"rows", std::move(faults)}, {"total", rows.size()}};
}

Json page_logs(std::span<const LogLine> logs, Time origin, Time around, const PageLimits& limits) {
    const auto distance = [&](const LogLine* log) {
        return std::abs(log->raw_time_ns - origin.count() - around.count());
    };
    std::vector<const LogLine*> kept;
    for (const LogLine& log : logs) {
        kept.push_back(&log);
    }
    if (kept.size() > limits.rows) {
        std::ranges::stable_sort(kept, {}, distance);
        kept.resize(limits.rows);
    }
    std::ranges::stable_sort(kept, {}, &LogLine::raw_time_ns);
    Json lines = Json::array();
    for (const LogLine* log : kept) {
        lines.push_back({(log->raw_time_ns - origin.count()) / 1000,
                         log->node,
                         shortened(log->text, page_text_max)});
    }
    return {{"lines", std::move(lines)}, {"total", logs.size()}};
}

Json page_notes(std::span<const history::Event> events, const PageLimits& limits) {
    Json notes = Json::array();
    for (const history::Event& event : events) {
        if (event.type == history::EventType::note && notes.size() < limits.rows) {
            notes.push_back({event.time.count() / 1000, line(event.text)});
        }
    }
    return notes;
}

std::string page_data(const Results& results, const Material& material, const Story& story) {
    const history::Pairing pairing = history::pair(material.events);
    for (PageLimits limits;; limits = halved(limits)) {
        std::string page =
            escape_script_json(page_json(results, material, story, pairing.operations, limits)
                                   .dump(-1, ' ', false, Json::error_handler_t::replace));
        if (page.size() <= page_bytes_max || limits.operations < operations_least) {
            return page;
        }
    }
}

}  // namespace squall::harness::report
