// The summary for people: on the terminal and as Markdown.
#include <algorithm>
#include <cctype>
#include <ctime>
#include <iterator>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/report/escape.hpp"
#include "harness/suite/summary_outputs.hpp"

namespace squall::harness::suite {
namespace {

using store::CellState;

constexpr std::size_t groups_max = 50;
constexpr std::size_t cells_max = 30;
constexpr std::size_t reason_bytes_max = 240;

std::string upper(std::string text) {
    std::ranges::transform(
        text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

std::string length_text(double seconds) {
    const auto whole = static_cast<std::int64_t>(seconds);
    return whole < 3600 ? fmt::format("{} min {} s", whole / 60, whole % 60)
                        : fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
}

/// "VALID: 32 cells, 5120 seeds, 812345 operations in 5 min 2 s"
std::string headline(const SuiteSummary& summary) {
    std::uint64_t operations = 0;
    for (const CellLine& cell : summary.cells) {
        operations += cell.ok_operations;
    }
    std::string text =
        fmt::format("{}: {} cells, {} seeds, {} operations that succeeded, in {}",
                    upper(summary.verdict),
                    summary.cells.size(),
                    summary.seeds(),
                    operations,
                    length_text(static_cast<double>(summary.suite.elapsed_ms) / 1000));
    for (const char* verdict : {"invalid", "quarantined", "void", "unknown", "not_run"}) {
        if (const std::size_t count = summary.count(verdict); count > 0) {
            text += fmt::format(
                "; {} {}", count, std::string_view(verdict) == "not_run" ? "not run" : verdict);
        }
    }
    return text;
}

bool worth_a_line(const CellLine& cell) {
    return cell.state != CellState::done || cell.verdict == "void" || cell.verdict == "unknown";
}

std::string one_line(std::string text) {
    std::ranges::replace(text, '\n', ' ');
    return report::shortened(text, reason_bytes_max);
}

/// Text of unknown origin in a line of Markdown.
std::string plain(const std::string& text) {
    std::string escaped;
    for (const char c : report::clean_text(one_line(text))) {
        if (std::string_view("\\`*_[]<>|#").find(c) != std::string_view::npos) {
            escaped += '\\';
        }
        escaped += c;
    }
    return escaped;
}

std::string state_text(const SuiteGroup& entry) {
    return entry.quarantined.empty() || entry.group.failures == 0
               ? triage::to_string(entry.group.state)
               : fmt::format("{}, quarantined", triage::to_string(entry.group.state));
}

void add_group(const SuiteGroup& entry, std::string& out) {
    const triage::Group& group = entry.group;
    const auto append = [&out](const char* label, const std::string& text) {
        if (!text.empty()) {
            fmt::format_to(std::back_inserter(out), "      {:<10} {}\n", label, text);
        }
    };
    fmt::format_to(std::back_inserter(out),
                   "  {:<7} {:>4} x  {}\n",
                   state_text(entry),
                   group.failures,
                   group.signature);
    append("first seen",
           fmt::format("{}, last {}, {} in all",
                       time_text(group.first_seen),
                       time_text(group.last_seen),
                       group.failures_total));
    append("rate", rate_text(group));
    append("faults", group.faults);
    append("reproduce", group.command);
    append("because", entry.quarantined);
}

}  // namespace

std::string time_text(store::UnixMs time) {
    return fmt::format("{:%Y-%m-%d %H:%M}", fmt::gmtime(std::time_t{time / 1000}));
}

std::string rate_text(const triage::Group& group) {
    if (group.rate <= 0) {
        return "";
    }
    return group.rate >= 1 ? "every seed" : fmt::format("1 in {:.0f} seeds", 1 / group.rate);
}

std::string terminal_text(const SuiteSummary& summary, const std::string& directory) {
    std::string out = fmt::format("\n{}\n", headline(summary));
    std::size_t shown = 0;
    for (const SuiteGroup& entry : summary.groups) {
        if (entry.group.failures > 0 && shown++ < groups_max) {
            add_group(entry, out);
        }
    }
    for (const SuiteGroup& entry : summary.groups) {
        if (entry.group.state == triage::GroupState::fixed) {
            fmt::format_to(
                std::back_inserter(out), "  fixed           {}\n", entry.group.signature);
        }
    }
    shown = 0;
    std::size_t hidden = 0;
    for (const CellLine& cell : summary.cells) {
        if (!worth_a_line(cell)) {
            continue;
        }
        if (shown++ >= cells_max) {
            ++hidden;
            continue;
        }
        fmt::format_to(std::back_inserter(out),
                       "  {:<7} {}: {}\n",
                       cell.state == CellState::done ? cell.verdict : "not run",
                       cell.name,
                       one_line(cell.reason));
    }
    if (hidden > 0) {
        fmt::format_to(
            std::back_inserter(out), "  ... and {} more cells in summary.json\n", hidden);
    }
    fmt::format_to(std::back_inserter(out), "  kept in {}, begin with index.html\n", directory);
    return out;
}

std::string markdown(const SuiteSummary& summary) {
    std::string out = fmt::format("## {}: {}\n\n", summary.suite.name, headline(summary));
    const auto add = [&out]<typename... Args>(fmt::format_string<Args...> text, Args&&... args) {
        fmt::format_to(std::back_inserter(out), text, std::forward<Args>(args)...);
    };
    add("Begun {} UTC, squall {}, seed {}.\n",
        time_text(summary.suite.started),
        summary.suite.version,
        summary.suite.seed);
    bool heading = false;
    std::size_t shown = 0;
    for (const SuiteGroup& entry : summary.groups) {
        const triage::Group& group = entry.group;
        if (group.failures == 0 && group.state != triage::GroupState::fixed) {
            continue;
        }
        if (shown++ >= groups_max) {
            continue;
        }
        if (!heading) {
            add("\n| | failures | what | since | rate | faults |\n|---|---|---|---|---|---|\n");
            heading = true;
        }
        add("| {} | {} | {} | {} | {} | {} |\n",
            state_text(entry),
            group.failures,
            plain(group.signature),
            time_text(group.first_seen),
            rate_text(group),
            plain(group.faults));
    }
    for (const SuiteGroup& entry : summary.groups) {
        if (entry.group.failures > 0 && shown-- > 0) {
            add("\n**{}**: {}\n\n    {}\n",
                plain(entry.group.signature),
                plain(entry.group.reason),
                one_line(entry.group.command));
        }
    }
    std::size_t cells = 0;
    for (const CellLine& cell : summary.cells) {
        if (worth_a_line(cell) && cells++ < cells_max) {
            add("{}* {} `{}`: {}\n",
                cells == 1 ? "\n" : "",
                cell.state == CellState::done ? cell.verdict : "not run",
                cell.name,
                plain(cell.reason));
        }
    }
    return out;
}

}  // namespace squall::harness::suite
