#include "harness/report/markdown.hpp"

#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/report/words.hpp"

namespace squall::harness::report {
namespace {

double seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

double milliseconds(Duration duration) {
    return seconds(duration) * 1000;
}

void findings(const Results& results, std::string& out) {
    for (const checker::Check& check : results.checks) {
        if (check.verdict == checker::Verdict::valid) {
            continue;
        }
        fmt::format_to(std::back_inserter(out),
                       "### {} ({}): {}\n\n{}\n\n",
                       check.name,
                       check.detector,
                       checker::to_string(check.verdict),
                       check.reason);
        if (!check.details.empty()) {
            fmt::format_to(
                std::back_inserter(out), "```\n{}\n```\n\n", fmt::join(check.details, "\n"));
        }
        if (!check.evidence.empty()) {
            fmt::format_to(std::back_inserter(out),
                           "Events in `history.jsonl`: {}\n\n",
                           fmt::join(check.evidence, ", "));
        }
    }
}

void what_was_checked(const Results& results, std::string& out) {
    out += "## Checks\n\n| check | detector | verdict |\n|---|---|---|\n";
    for (const checker::Check& check : results.checks) {
        fmt::format_to(std::back_inserter(out),
                       "| {} | {} | {} |\n",
                       check.name,
                       check.detector,
                       checker::to_string(check.verdict));
    }
    out += "\n";
}

void what_happened(const Results& results, std::string& out) {
    fmt::format_to(std::back_inserter(out),
                   "## What happened\n\n{} nodes, {} clients, workload `{}`, {:.0f} s. Operations: "
                   "{} ({:.0f} ok/s).\n"
                   "Final reads of every key through every node: {}.\n\n",
                   results.plan.nodes,
                   results.plan.concurrency,
                   results.plan.workload,
                   seconds(results.plan.time_limit),
                   counts_line(results.operations),
                   results.operations_per_second,
                   counts_line(results.final_reads));
    if (!results.faults.empty()) {
        out += "| fault | what it did |\n|---|---|\n";
        for (const auto& [name, summary] : results.faults) {
            fmt::format_to(std::back_inserter(out), "| {} | {} |\n", name, fault_line(summary));
        }
        out += "\n";
    }
    if (results.lag.loop_lag_max.count() > 0) {
        fmt::format_to(
            std::back_inserter(out),
            "The controller's timers were late by {:.1f} ms at most ({:.1f} ms after healing); "
            "CPU steal {:.1f} %.\n\n",
            milliseconds(results.lag.loop_lag_max),
            milliseconds(results.lag.loop_lag_recovery_max),
            results.lag.cpu_steal * 100);
    }
}

void how_to_reproduce(const Results& results, std::string& out) {
    fmt::format_to(
        std::back_inserter(out), "## Reproduce\n\n```\n{}\n```\n\n", reproduce_command(results));
    if (results.command == "sim") {
        out +=
            "The simulation is exact: the same seed and build give the same history, byte for "
            "byte.\n\n";
    } else {
        out +=
            "Real processes are not deterministic: the seed gives the same operations and faults, "
            "not the same "
            "interleaving. What was really injected, and when, is in `realised.json`.\n\n";
    }
    const std::string bug = results.plan.bug.empty()
                                ? ""
                                : fmt::format(", with the bug `{}` switched on", results.plan.bug);
    fmt::format_to(std::back_inserter(out),
                   "squall {}, seed {}{}.\n",
                   results.version,
                   results.plan.seed,
                   bug);
}

}  // namespace

std::string markdown(const Results& results) {
    std::string out = fmt::format("# {}\n\n", verdict_sentence(results));
    for (std::size_t i = 1; i < results.reasons.size(); ++i) {
        fmt::format_to(std::back_inserter(out), "* {}\n", results.reasons[i]);
    }
    if (results.reasons.size() > 1) {
        out += "\n";
    }
    findings(results, out);
    what_happened(results, out);
    what_was_checked(results, out);
    how_to_reproduce(results, out);
    return out;
}

}  // namespace squall::harness::report
