#include "harness/report/words.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/report/escape.hpp"
#include "nemesis/fault_class.hpp"

namespace squall::harness::report {
namespace {

std::string upper(std::string text) {
    for (char& c : text) {
        c = (c >= 'a' && c <= 'z') ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return text;
}

std::string with_spaces(std::string_view name) {
    std::string words(name);
    std::ranges::replace(words, '_', ' ');
    return words;
}

/// Exact while it is short, then as exact as anybody reads it.
std::string milliseconds_in_words(std::int64_t amount) {
    const double seconds = static_cast<double>(amount) / 1000;
    const double size = std::abs(seconds);
    return size < 10     ? fmt::format("{} ms", amount)
           : size < 120  ? fmt::format("{:.1f} s", seconds)
           : size < 7200 ? fmt::format("{:.1f} min", seconds / 60)
                         : fmt::format("{:.1f} h", seconds / 3600);
}

/// What belongs to a program of the user's own; its arguments come last.
std::string program_flags(const Plan& plan) {
    if (plan.program.empty()) {
        return {};
    }
    std::string flags = fmt::format(" --bin {}", as_shell_word(plan.program.front()));
    if (plan.latency > Duration::zero()) {
        flags += fmt::format(" --latency {}", 1000 * history::to_seconds(plan.latency));
    }
    flags += fmt::format(" --election-timeout {}", history::to_seconds(plan.timing.election_max));
    if (!plan.leader_pattern.empty()) {
        flags += fmt::format(" --leader-pattern {}", as_shell_word(plan.leader_pattern));
    }
    for (std::size_t i = 1; i < plan.program.size(); ++i) {
        flags += (i == 1 ? " -- " : " ") + as_shell_word(plan.program[i]);
    }
    return flags;
}

}  // namespace

std::string counted(std::uint64_t count, const char* what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string as_shell_word(const std::string& word) {
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+.,:/@%";
    if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) {
        return word;
    }
    std::string out("'");
    for (const char letter : word) {
        out += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    }
    return out + "'";
}

namespace {

/// The line of a node's last words that says most: an assertion, else the last one.
std::string_view telling_line(std::string_view words) {
    std::string_view last;
    while (!words.empty()) {
        const std::string_view line = words.substr(0, words.find('\n'));
        words.remove_prefix(std::min(line.size() + 1, words.size()));
        if (line.find("ssert") != std::string_view::npos) {
            return line;
        }
        last = line.empty() ? last : line;
    }
    return last;
}

/// What the node said that ended by itself, where that is why the run is bad: it names the line.
std::string last_words(const Results& results) {
    for (const checker::Check& check : results.checks) {
        if (check.name != "no-crash" || check.verdict != checker::Verdict::invalid ||
            results.reasons.front() != check.name + ": " + check.reason ||
            check.details.size() < 2) {
            continue;
        }
        // A node without last words is followed by the next one.
        const std::string& said = check.details[1];
        const bool next_node =
            said.size() > 1 && said[0] == 'n' && said[1] >= '0' && said[1] <= '9';
        const std::string_view line = next_node ? std::string_view() : telling_line(said);
        return line.empty() ? "" : fmt::format(": {}", shortened(line, 200));
    }
    return "";
}

}  // namespace

std::string verdict_sentence(const Results& results) {
    const std::string verdict = upper(to_string(results.verdict));
    if (!results.reasons.empty()) {
        return verdict + ": " + results.reasons.front() + last_words(results);
    }
    std::size_t injected = 0;
    for (const auto& [name, summary] : results.faults) {
        injected += summary.injected;
    }
    return fmt::format("{}: {} succeeded through {} and every check holds",
                       verdict,
                       counted(results.operations.ok + results.final_reads.ok, "operation"),
                       counted(injected, "fault"));
}

std::string verdict_meaning(RunVerdict verdict) {
    switch (verdict) {
        case RunVerdict::unknown:
            return "Nothing was found to be violated, but this run shows too little to count as "
                   "passed.";
        case RunVerdict::void_run:
            return "The harness failed: this run says nothing about the system under test.";
        case RunVerdict::valid:
        case RunVerdict::invalid:
            break;
    }
    return "";
}

std::string headline(const Results& results) {
    const std::string sentence = verdict_sentence(results);
    return sentence.substr(0, sentence.find('\n'));
}

std::string after_headline(const Results& results) {
    const std::string sentence = verdict_sentence(results);
    const std::size_t end = sentence.find('\n');
    return end == std::string::npos ? "" : sentence.substr(end + 1);
}

namespace {

/// How many classes `--faults all` means there: disks of real processes are out of reach.
std::size_t all_fault_classes(const std::string& command) {
    const auto classes = nemesis::fault_classes();
    return static_cast<std::size_t>(std::ranges::count_if(
        classes, [&](const auto* each) { return command == "sim" || each->needs() != "disks"; }));
}

/// Whether a run heals only a quorum when its flags say nothing of that.
bool heals_quorum_by_itself(const Results& results) {
    return results.command == "sim" && !results.plan.fault_classes.empty() &&
           draw_heal_quorum_only(results.plan.seed);
}

}  // namespace

std::string reproduce_command(const Results& results) {
    const Plan& plan = results.plan;
    if (results.command == "check") {
        return fmt::format("scripts/squall check --model {} {}",
                           plan.workload,
                           as_shell_word(plan.program.front()));
    }
    // There are no flags for limits and timings.
    const bool configured =
        !plan.swarm && (plan.limits || (plan.program.empty() && plan.timing != NodeTiming()));
    if (plan.operations || results.plan_given || configured) {
        const std::string kept = results.directory.empty() ? "" : results.directory + "/";
        return fmt::format(
            "scripts/squall {} --plan {}", results.command, as_shell_word(kept + "plan.json"));
    }
    if (plan.swarm) {
        return fmt::format("scripts/squall {} --swarm --seed {}{}",
                           results.command,
                           plan.seed,
                           plan.bug.empty() ? "" : " --bug " + plan.bug);
    }
    const Plan defaults;
    std::string command = fmt::format("scripts/squall {} --seed {}", results.command, plan.seed);
    const auto flag = [&](const char* name, const auto& value, bool differs) {
        if (differs) {
            command += fmt::format(" {} {}", name, value);
        }
    };
    flag("--system", plan.system, plan.system != defaults.system);
    flag("--workload", plan.workload, plan.workload != defaults.workload);
    flag("--nodes", plan.nodes, plan.nodes != defaults.nodes);
    flag("--concurrency", plan.concurrency, plan.concurrency != defaults.concurrency);
    flag("--rate", plan.rate, plan.rate != defaults.rate);
    flag("--keys", plan.keys, plan.keys != defaults.keys);
    flag("--time-limit",
         history::to_seconds(plan.time_limit),
         plan.time_limit != defaults.time_limit);
    flag("--interval",
         history::to_seconds(plan.fault_interval),
         plan.fault_interval != defaults.fault_interval);
    flag("--snapshot-interval",
         plan.snapshot_interval,
         plan.snapshot_interval != defaults.snapshot_interval);
    flag(
        "--faults",
        plan.fault_classes.empty() ? "none" : fmt::format("{}", fmt::join(plan.fault_classes, ",")),
        plan.fault_classes.size() != all_fault_classes(results.command));
    flag("--heal",
         plan.heal_quorum_only ? "quorum" : "all",
         plan.heal_quorum_only != heals_quorum_by_itself(results));
    flag("--bug", plan.bug, !plan.bug.empty());
    return command + program_flags(plan);
}

bool is_finding(const checker::Check& check, RunVerdict run) {
    return check.verdict == checker::Verdict::invalid ||
           (check.verdict == checker::Verdict::unknown && run == RunVerdict::unknown);
}

std::string undecided_words(const Results& results) {
    std::vector<std::string> names;
    for (const checker::Check& check : results.checks) {
        if (check.verdict == checker::Verdict::unknown && check.detector != "coverage") {
            names.push_back(fmt::format("{} ({})", check.name, shortened(check.reason, 160)));
        }
    }
    return names.empty() || results.verdict != RunVerdict::invalid
               ? ""
               : fmt::format("Not decided in this run: {}.", fmt::join(names, ", "));
}

std::span<const std::string> further_details(const checker::Check& check) {
    const std::span<const std::string> all = check.details;
    return !all.empty() && all.front() == check.reason ? all.subspan(1) : all;
}

std::string effect_words(const std::string& name, std::int64_t amount) {
    constexpr std::string_view largest = "_ms_max";
    constexpr std::string_view time = "_ms";
    const std::string_view what = name;
    if (what.ends_with(largest)) {
        return fmt::format("{} {} at most",
                           with_spaces(what.substr(0, what.size() - largest.size())),
                           milliseconds_in_words(amount));
    }
    if (what.ends_with(time)) {
        return fmt::format("{} {}",
                           with_spaces(what.substr(0, what.size() - time.size())),
                           milliseconds_in_words(amount));
    }
    return fmt::format("{} {}", with_spaces(what), amount);
}

std::string fault_line(const FaultSummary& summary) {
    std::string line = fmt::format("{} injected", summary.injected);
    if (summary.skipped > 0) {
        line += fmt::format(", {} skipped", summary.skipped);
    }
    const char* separator = "; ";
    for (const auto& [what, amount] : summary.effect) {
        line += separator + effect_words(what, amount);
        separator = ", ";
    }
    return line;
}

std::string counts_line(const OperationCounts& counts) {
    return fmt::format("{} ok, {} fail, {} info", counts.ok, counts.fail, counts.info);
}

}  // namespace squall::harness::report
