#include "harness/explore/report.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "harness/explore/words.hpp"

namespace squall::harness::explore {

namespace {

using Json = nlohmann::ordered_json;

std::string_view stop_name(Stop stop) {
    switch (stop) {
        case Stop::none:
            return "time";
        case Stop::exhausted:
            return "exhausted";
        case Stop::violation:
            return "violation";
        case Stop::depth:
            return "depth";
        case Stop::states:
            return "max-states";
        case Stop::memory:
            return "memory";
    }
    return "";
}

std::string space_words(const Report& report) {
    std::vector<std::string> words{fmt::format("{} nodes", report.options.nodes)};
    for (std::size_t i = 0; i < budget_count; ++i) {
        if (report.options.budgets[i] > 0) {
            words.push_back(fmt::format("{} {}", budget_names[i], report.options.budgets[i]));
        }
    }
    if (report.options.events > 0) {
        words.push_back(fmt::format("at most {} of these together", report.options.events));
    }
    if (report.options.start == Start::elected) {
        words.emplace_back("from an elected leader");
    }
    if (report.options.instant_disks) {
        words.emplace_back("instant disks");
    }
    if (report.options.batch > 0) {
        words.push_back(fmt::format("batch {}", report.options.batch));
    }
    if (!report.bug.empty()) {
        words.push_back("bug " + report.bug);
    }
    return fmt::format("{}", fmt::join(words, ", "));
}

double per_second(std::uint64_t count, double seconds) {
    return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

/// A round sees again what those before it saw; the work is that of all.
std::uint64_t states_of_all_rounds(const Report& report) {
    std::uint64_t states = 0;
    for (const Round& round : report.rounds) {
        states += round.events < report.events ? round.states : 0;
    }
    return states + report.progress.states;
}

std::string figures(const Report& report) {
    const Progress& progress = report.progress;
    std::string text;
    for (const Round& round : report.rounds) {
        text += fmt::format("  {:>2} event{} at most: {} {} states, depth {}\n",
                            round.events,
                            round.events == 1 ? " " : "s",
                            round.whole ? "all" : "the first",
                            round.states,
                            round.depth);
    }
    return text + fmt::format(
                      "  depth {}, states {}, transitions {}\n"
                      "  {:.2f} s, {:.0f} states/s, {:.1f} MiB ({:.0f} bytes per state)\n",
                      progress.depth,
                      progress.states,
                      progress.transitions,
                      report.seconds,
                      per_second(states_of_all_rounds(report), report.seconds),
                      static_cast<double>(progress.bytes) / (1U << 20U),
                      static_cast<double>(progress.bytes) / static_cast<double>(progress.states));
}

std::string path_text(Model& model, const Path& path) {
    std::string text;
    std::size_t number = 0;
    for (const PathStep& step : path.steps) {
        text += fmt::format("  {:>3}  {}\n", ++number, action_words(model, step));
        for (const std::string& change : change_words(model, step)) {
            text += fmt::format("         {}\n", change);
        }
    }
    return text;
}

std::string contradiction(const Path& path) {
    std::string text;
    if (path.earlier_fact) {
        text += fmt::format(
            "  step {}: {}\n", path.earlier_step, words_of(path.earlier_node, *path.earlier_fact));
    }
    return text + fmt::format("  step {}: {}\n", path.steps.size(), path.violation->sentence);
}

Json violation_json(Model& model, const Path& path) {
    const Violation& violation = *path.violation;
    Json json;
    json["property"] = violation.property;
    json["node"] = fmt::format("n{}", violation.node);
    json["term"] = violation.term;
    json["index"] = violation.index > 0 ? Json(violation.index) : Json();
    json["sentence"] = violation.sentence;
    json["step"] = path.steps.size();
    json["contradicts"] = nullptr;
    if (path.earlier_fact) {
        json["contradicts"] = {{"step", path.earlier_step},
                               {"node", fmt::format("n{}", path.earlier_node)},
                               {"sentence", words_of(path.earlier_node, *path.earlier_fact)}};
    }
    json["steps"] = Json::array();
    for (const PathStep& step : path.steps) {
        json["steps"].push_back({{"node", fmt::format("n{}", step.action.node)},
                                 {"what", action_words(model, step)},
                                 {"changes", change_words(model, step)}});
    }
    return json;
}

}  // namespace

Report report_of(Deepening& search, const Limits& limits, const std::string& bug) {
    Report report;
    report.options = search.options();
    report.limits = limits;
    report.bug = bug;
    report.rounds = search.rounds();
    report.events = search.events();
    report.progress = search.progress();
    report.stop = search.stopped();
    report.path = search.path();
    return report;
}

int exit_code(Stop stop) {
    return stop == Stop::exhausted ? 0 : stop == Stop::violation ? 1 : 2;
}

std::string to_text(Model& model, const Report& report) {
    if (report.path) {
        const Path& path = *report.path;
        const Violation& violation = *path.violation;
        const std::string where =
            violation.index > 0 ? fmt::format(", index {}", violation.index) : std::string();
        return fmt::format("INVALID: {}: n{}, term {}{}, after {} steps\n{}{}\n{}\n{}",
                           violation.property,
                           violation.node,
                           violation.term,
                           where,
                           path.steps.size(),
                           contradiction(path),
                           fmt::format("\n  a shortest way there with {} event{} ({}):",
                                       report.events,
                                       report.events == 1 ? "" : "s",
                                       space_words(report)),
                           path_text(model, path),
                           figures(report));
    }
    if (report.stop == Stop::exhausted) {
        return fmt::format(
            "VALID: every state of the bounded space was seen, and all is well "
            "({})\n{}",
            space_words(report),
            figures(report));
    }
    return fmt::format("UNKNOWN: stopped by --{}; nothing was wrong until then ({})\n{}",
                       stop_name(report.stop),
                       space_words(report),
                       figures(report));
}

std::string to_json(Model& model, const Report& report) {
    Json json;
    const int code = exit_code(report.stop);
    json["verdict"] = code == 0 ? "valid" : code == 1 ? "invalid" : "unknown";
    json["exhausted"] = report.stop == Stop::exhausted;
    json["stopped_by"] = stop_name(report.stop);
    json["nodes"] = report.options.nodes;
    for (std::size_t i = 0; i < budget_count; ++i) {
        json["budgets"][std::string(budget_names[i])] = report.options.budgets[i];
    }
    json["events"] = report.options.events > 0 ? Json(report.options.events) : Json();
    json["start"] = report.options.start == Start::elected ? "elected" : "fresh";
    json["disks"] = report.options.instant_disks ? "instant" : "real";
    json["batch"] = report.options.batch;
    json["bug"] = report.bug.empty() ? Json() : Json(report.bug);
    const auto limit = [](std::uint64_t value) { return value > 0 ? Json(value) : Json(); };
    json["limits"] = {{"depth", limit(report.limits.depth)},
                      {"max_states", limit(report.limits.states)},
                      {"memory_bytes", limit(report.limits.bytes)}};
    json["rounds"] = Json::array();
    for (const Round& round : report.rounds) {
        json["rounds"].push_back({{"events", round.events},
                                  {"states", round.states},
                                  {"depth", round.depth},
                                  {"whole", round.whole}});
    }
    json["depth"] = report.progress.depth;
    json["states"] = report.progress.states;
    json["transitions"] = report.progress.transitions;
    json["memory_bytes"] = report.progress.bytes;
    json["seconds"] = report.seconds;
    json["states_per_second"] = per_second(states_of_all_rounds(report), report.seconds);
    json["violation"] = report.path ? violation_json(model, *report.path) : Json();
    return json.dump(2) + "\n";
}

}  // namespace squall::harness::explore
