// The comparison as a comment on a pull request.
#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "harness/compare/comparison_words.hpp"
#include "harness/report/escape.hpp"

namespace squall::harness::compare {
namespace {

constexpr std::size_t listed_max = 30;
constexpr std::size_t details_max = 40;

/// One line that cannot leave its cell or its list.
std::string cell(std::string_view text) {
    std::string out;
    for (const char c : report::clean_text(report::shortened(text, 1000))) {
        if (c == '|' || c == '<' || c == '`' || c == '*' || c == '_' || c == '[') {
            out += '\\';
        }
        out += c == '\n' || c == '\r' ? ' ' : c;
    }
    return out;
}

/// Within backticks nothing can be escaped.
std::string code(std::string_view text) {
    std::string out = report::clean_text(report::shortened(text, 1000));
    std::ranges::replace(out, '`', '\'');
    std::ranges::replace(out, '\n', ' ');
    return fmt::format("`{}`", out);
}

void table_of_pairs(const Comparison& comparison, std::string& out) {
    out +=
        "\n| where | plans | pairs | identical | patch alone failed: safety, service | "
        "base alone failed: safety, service | both | undecided |\n"
        "|---|---|---|---|---|---|---|---|\n";
    for (const auto& [where, tally] : comparison.decider.tallies()) {
        out += fmt::format("| {} | {} | {} | {} | {}, {} | {}, {} | {} | {} |\n",
                           to_string(where.first),
                           cell(where.second),
                           tally.pairs,
                           tally.identical,
                           tally.safety.against,
                           tally.service.against,
                           tally.safety.opposite,
                           tally.service.opposite,
                           tally.both,
                           tally.undecided);
    }
}

void table_of_metrics(const Comparison& comparison, std::string& out) {
    std::string rows;
    for (const MetricDifference& each : comparison.metrics) {
        const std::string change = change_words(each, comparison.alpha_of_interval);
        if (!change.empty()) {
            rows += fmt::format("| {} | {}, {} | {} | {} | {}{} |\n",
                                to_string(each.tier),
                                each.metric.name,
                                each.metric.unit,
                                number_words(each.difference.base_mean()),
                                number_words(each.difference.patch_mean()),
                                change,
                                clear(each, comparison.alpha_of_interval) ? "" : ", not clear");
        }
    }
    if (!rows.empty()) {
        out += fmt::format(
                   "\n### Performance and availability\n\nOver the same plans; intervals "
                   "at {:.0f} %, right at whatever moment one looks. They accuse nobody.\n"
                   "\n| where | what | base | patch | change |\n|---|---|---|---|---|\n",
                   100 * (1 - comparison.alpha_of_interval)) +
               rows;
    }
}

void list(const char* title, const std::vector<std::string>& lines, std::string& out) {
    if (lines.empty()) {
        return;
    }
    out += fmt::format("\n{}\n\n", title);
    for (std::size_t i = 0; i < std::min(lines.size(), listed_max); ++i) {
        out += fmt::format("* {}\n", cell(lines[i]));
    }
    if (lines.size() > listed_max) {
        out += fmt::format("* ... and {} more\n", lines.size() - listed_max);
    }
}

void failure_section(const KeptFailure& failure, std::string& out) {
    out += fmt::format(
        "\n### {} of the {}: {}\n\n{}, plans {}, seed {}.\n",
        kind_of(failure.check) == FindingKind::safety ? "Safety failure" : "Service failure",
        failure.patch ? "patch" : "base",
        cell(failure.check),
        failure.tier == PairTier::simulator ? "In the simulator" : "On real processes",
        cell(failure.profile),
        failure.seed);
    out += fmt::format("\n{}\n", cell(failure.reason));
    const std::vector<std::string> details = details_of(failure, details_max);
    if (!details.empty()) {
        out += "\n```\n";
        for (const std::string& detail : details) {
            std::string text = report::clean_text(report::shortened(detail, 1000));
            std::ranges::replace(text, '`', '\'');
            out += text + "\n";
        }
        out += "```\n";
    }
    if (std::string words = shrinking_words(failure); !words.empty()) {
        words[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(words[0])));
        out += fmt::format("\n{}.\n", cell(words));
    }
    out += fmt::format("\nKept in {}; replay: {}\n", code(failure.directory), code(failure.replay));
}

}  // namespace

std::string to_markdown(const Comparison& comparison) {
    const char* mark = comparison.decision.verdict == Verdict::introduces_failures ? "❌"
                       : comparison.decision.verdict == Verdict::could_not_tell    ? "❔"
                       : comparison.decision.verdict == Verdict::not_built         ? "🚫"
                                                                                   : "✅";
    std::string out =
        fmt::format("## {} Squall: {}\n", mark, to_string(comparison.decision.verdict));
    out += fmt::format("\nBase {}, patch {}.\n",
                       code(side_words(comparison.base)),
                       code(side_words(comparison.patch)));
    list("Why:", comparison.decision.reasons, out);
    list("**To know:**", comparison.remarks, out);
    if (comparison.decision.verdict == Verdict::not_built) {
        return out;
    }
    for (const KeptFailure& failure : comparison.failures) {
        failure_section(failure, out);
    }
    out += "\n### Pairs of runs\n";
    table_of_pairs(comparison, out);
    list("What could have been seen:", sight_lines(comparison), out);
    out += fmt::format(
        "\nA patch that is no worse is accused by a sequential test with probability {} at most, "
        "whenever the comparison stops. One safety failure that comes again, and that the base "
        "does not have, is a proof and needs no statistics.\n",
        comparison.decider.options().alpha);
    table_of_metrics(comparison, out);
    list("Where the time went, by what the patch changes:", comparison.targets, out);
    std::vector<std::string> changed;
    for (const ChangedFile& file : comparison.changes) {
        changed.push_back(fmt::format("{} ({} lines)", file.path, file.lines));
    }
    list("Changed in raft/:", changed, out);
    list("**Changed elsewhere and not part of this comparison:**", comparison.not_taken, out);
    out += fmt::format(
        "\n{:.0f} s to build, {:.0f} s of {:.0f} s to compare{}. Squall {}. "
        "Reproduce: {}\n",
        comparison.build_seconds,
        comparison.compare_seconds,
        comparison.budget_seconds,
        comparison.interrupted ? ", interrupted" : "",
        cell(comparison.version),
        code(comparison.command));
    return out;
}

}  // namespace squall::harness::compare
