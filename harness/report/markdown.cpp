#include "harness/report/markdown.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/report/check_meaning.hpp"
#include "harness/report/escape.hpp"
#include "harness/report/fault_rows.hpp"
#include "harness/report/markdown_text.hpp"
#include "harness/report/reproduction.hpp"
#include "harness/report/words.hpp"

namespace squall::harness::report {
namespace {

constexpr std::size_t reasons_max = 10;
constexpr std::size_t detail_lines_max = 20;
constexpr std::size_t evidence_max = 20;
constexpr std::size_t fault_rows_max = 100;

double milliseconds(Duration duration) {
    return history::to_seconds(duration) * 1000;
}

/// Nothing is cut in the middle: a part that does not fit is left out, and said to be.
void append(std::string& out, const std::string& part) {
    constexpr std::string_view left_out =
        "(More is in report.html: it is too long for an issue.)\n\n";
    if (out.size() + part.size() + left_out.size() <= markdown_bytes_max) {
        out += part;
    } else if (!out.ends_with(left_out)) {
        out += left_out;
    }
}

std::string first_lines(std::span<const std::string> lines) {
    std::string text;
    for (std::size_t i = 0; i < std::min(lines.size(), detail_lines_max); ++i) {
        text += i == 0 ? "" : "\n";
        text += shortened(lines[i], markdown_text_max);
    }
    if (lines.size() > detail_lines_max) {
        text += fmt::format("\n... {} more lines in results.json", lines.size() - detail_lines_max);
    }
    return text;
}

/// As `Results::reasons` has it.
std::string reason_of(const checker::Check& check) {
    return check.name + ": " + check.reason;
}

/// `titled`: the reason is the title of the report.
std::string finding(const checker::Check& check, bool titled) {
    std::string out = fmt::format("### {} ({}): {}\n\n",
                                  plain(check.name),
                                  plain(check.detector),
                                  checker::to_string(check.verdict));
    if (!titled) {
        out += plain(check.reason) + "\n\n";
    }
    if (const std::string_view meaning = check_meaning(check.name); !meaning.empty()) {
        out += fmt::format("*What it asks:* {}\n\n", meaning);
    }
    if (const auto details = further_details(check); !details.empty()) {
        out += code_block(first_lines(details));
    }
    if (!check.evidence.empty()) {
        const auto shown = std::min(check.evidence.size(), evidence_max);
        fmt::format_to(std::back_inserter(out),
                       "Events in `history.jsonl`: {}{}\n\n",
                       fmt::join(check.evidence.begin(),
                                 check.evidence.begin() + static_cast<std::ptrdiff_t>(shown),
                                 ", "),
                       check.evidence.size() > shown ? ", ..." : "");
    }
    return out;
}

/// Why the run is not valid besides its title, where no check says so.
std::string other_reasons(const Results& results) {
    std::vector<std::string> others(results.reasons.begin() + (results.reasons.empty() ? 0 : 1),
                                    results.reasons.end());
    for (const checker::Check& check : results.checks) {
        std::erase(others, reason_of(check));
    }
    std::string out;
    for (std::size_t i = 0; i < std::min(others.size(), reasons_max); ++i) {
        out += fmt::format("* {}\n", plain(others[i]));
    }
    if (others.size() > reasons_max) {
        out += fmt::format("* and {} more\n", others.size() - reasons_max);
    }
    return out.empty() ? out : out + "\n";
}

std::string what_happened(const Results& results) {
    std::string out = fmt::format(
        "## What happened\n\n{}, {}, workload `{}`, {:.{}f} s. Operations: "
        "{} ({:.0f} ok/s).\n"
        "Final reads of every key through every node: {}.\n\n",
        counted(results.plan.nodes, "node"),
        counted(results.plan.concurrency, "client"),
        results.plan.workload,
        history::to_seconds(results.plan.time_limit),
        results.plan.time_limit < std::chrono::seconds(10) ? 3 : 0,
        counts_line(results.operations),
        results.operations_per_second,
        counts_line(results.final_reads));
    if (!results.faults.empty()) {
        out += "| fault | what it did |\n|---|---|\n";
        for (const auto& [name, summary] : results.faults) {
            out += fmt::format("| {} | {} |\n", plain(name), plain(fault_line(summary)));
        }
        out += "\n";
    }
    if (results.lag.loop_lag_max.count() > 0) {
        out += fmt::format(
            "The controller's timers were late by {:.1f} ms at most ({:.1f} ms after healing); "
            "CPU steal {:.1f} %.\n\n",
            milliseconds(results.lag.loop_lag_max),
            milliseconds(results.lag.loop_lag_recovery_max),
            results.lag.cpu_steal * 100);
    }
    return out;
}

std::string fault_row(const FaultRow& fault) {
    std::vector<std::string> hit;
    for (const history::FaultTarget& target : fault.targets) {
        hit.push_back(fmt::format("n{} {}", target.node, target.role));
    }
    std::vector<std::string> measured;
    for (const auto& [what, amount] : fault.effect) {
        measured.push_back(effect_words(what, amount));
    }
    return fmt::format("| {:.3f} | {} | {} | {} | {} | {} |\n",
                       history::to_seconds(fault.begin),
                       fault.end ? fmt::format("{:.3f}", history::to_seconds(*fault.end)) : "-",
                       plain(fault.name),
                       plain(fault.detail),
                       plain(fmt::format("{}", fmt::join(hit, ", "))),
                       fault.skipped      ? "skipped"
                       : measured.empty() ? "nothing"
                                          : plain(fmt::format("{}", fmt::join(measured, ", "))));
}

std::string every_fault(std::span<const history::Event> events) {
    const std::vector<FaultRow> rows = fault_rows(events);
    if (rows.empty()) {
        return "";
    }
    std::string table =
        "| begin s | end s | class | what | hit | measured |\n|--:|--:|---|---|---|---|\n";
    const auto shown = std::min(rows.size(), fault_rows_max);
    for (std::size_t i = 0; i < shown; ++i) {
        table += fault_row(rows[i]);
    }
    return folded(shown == rows.size()
                      ? (rows.size() == 1 ? std::string("The fault")
                                          : fmt::format("Each of the {} faults", rows.size()))
                      : fmt::format("The first {} of {} faults", shown, rows.size()),
                  table);
}

std::string what_was_checked(const Results& results) {
    std::string table = "| check | detector | verdict |\n|---|---|---|\n";
    for (const checker::Check& check : results.checks) {
        table += fmt::format("| {} | {} | {} |\n",
                             plain(check.name),
                             plain(check.detector),
                             checker::to_string(check.verdict));
    }
    const auto valid =
        std::ranges::count(results.checks, checker::Verdict::valid, &checker::Check::verdict);
    return folded(fmt::format("{} of {} checks hold", valid, results.checks.size()), table);
}

/// Where to read on: of a run that was cut down, what is left of it says it best.
std::string cut_down(const Results& results) {
    const std::string words = shrinkage_words(results);
    if (words.empty()) {
        return "";
    }
    const char* page = results.shrunk_to ? "shrunk/report.html" : "../report.html";
    return fmt::format("{} [{}]({}).\n\n",
                       plain(words),
                       results.shrunk_to ? "Its report" : "The report of the whole run",
                       page);
}

std::string how_to_reproduce(const Results& results) {
    std::string out = "## Reproduce\n\n";
    for (const WayAgain& way : ways_again(results)) {
        out += fmt::format(
            "{}: {}.\n\n", way.what == "this run" ? "This run" : "Cut down", way.how_often);
        out += code_block(way.command);
    }
    if (const std::string command = shrink_command(results); !command.empty()) {
        out +=
            "To cut it down to the few faults and operations that it takes, and to see how often "
            "it comes:\n\n" +
            code_block(command);
    }
    if (const std::string words = reproduction_words(results); !words.empty()) {
        out += plain(words) + "\n\n";
    }
    const std::string bug = results.plan.bug.empty()
                                ? ""
                                : fmt::format(", with the bug `{}` switched on", results.plan.bug);
    return out + fmt::format("squall {}, seed {}{}.\n\n", results.version, results.plan.seed, bug);
}

std::string how_it_happened(const Story& story, const std::string& picture) {
    if (story.lines.empty()) {
        return "";
    }
    std::string out = "## How it happened\n\n";
    if (story.moment) {
        out += fmt::format("First violated at {:.3f} s: {}.\n\n",
                           history::to_seconds(*story.moment),
                           plain(story.check));
    }
    if (story.left_out > 0) {
        out += fmt::format("The {} sentences that say most, of {}.\n\n",
                           story.lines.size(),
                           story.lines.size() + story.left_out);
    }
    for (const Happening& line : story.lines) {
        const std::string text = plain(line.text);
        out += fmt::format("* {:.3f} s: {}\n",
                           history::to_seconds(line.at),
                           line.weight == Weight::decisive ? "**" + text + "**" : text);
    }
    out += "\n";
    if (!picture.empty()) {
        out += fmt::format("![Messages between the nodes, around the violation]({})\n\n", picture);
    }
    return out;
}

}  // namespace

std::string markdown(const Results& results,
                     std::span<const history::Event> events,
                     const Story& story,
                     const std::string& picture) {
    std::string out = fmt::format("# {}\n\n", plain(headline(results)));
    if (const std::string rest = after_headline(results); !rest.empty()) {
        out += code_block(shortened(rest, 4 * markdown_text_max));
    }
    if (const std::string meaning = verdict_meaning(results.verdict); !meaning.empty()) {
        out += meaning + "\n\n";
    }
    out += other_reasons(results);
    out += cut_down(results);
    for (const checker::Check& check : results.checks) {
        if (is_finding(check, results.verdict)) {
            // A title is one line.
            const bool titled = headline(results) == verdict_sentence(results) &&
                                !results.reasons.empty() &&
                                results.reasons.front() == reason_of(check);
            append(out, finding(check, titled));
        }
    }
    if (const std::string undecided = undecided_words(results); !undecided.empty()) {
        append(out, plain(undecided) + "\n\n");
    }
    append(out, how_it_happened(story, picture));
    append(out, how_to_reproduce(results));
    append(out, what_happened(results));
    append(out, every_fault(events));
    append(out, what_was_checked(results));
    return out;
}

}  // namespace squall::harness::report
