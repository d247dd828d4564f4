// The terminal's summary of a comparison.
#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "harness/compare/comparison_words.hpp"

namespace squall::harness::compare {
namespace {

std::string upper(std::string text) {
    std::ranges::transform(
        text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

void line(std::string& out, const char* label, const std::string& text) {
    out += fmt::format("  {:<11} {}\n", label, text);
}

void tallies(const Comparison& comparison, std::string& out) {
    for (const auto& [where, tally] : comparison.decider.tallies()) {
        std::string text = fmt::format("{} pairs", tally.pairs);
        if (tally.identical > 0) {
            text += fmt::format(", {} identical byte for byte", tally.identical);
        }
        const auto alone = [&](const char* kind, const Discordant& pairs) {
            if (pairs.against + pairs.opposite > 0) {
                text += fmt::format(
                    ", {}: patch alone {}, base alone {}", kind, pairs.against, pairs.opposite);
            }
        };
        alone("safety", tally.safety);
        alone("service", tally.service);
        if (tally.both > 0) {
            text += fmt::format(", both failed {}", tally.both);
        }
        if (tally.undecided > 0) {
            text += fmt::format(", undecided {}", tally.undecided);
        }
        line(out, to_string(where.first), fmt::format("{:<12} {}", where.second, text));
    }
}

}  // namespace

std::string to_text(const Comparison& comparison, const std::string& directory) {
    std::string out = fmt::format("{}\n", upper(to_string(comparison.decision.verdict)));
    for (const std::string& reason : comparison.decision.reasons) {
        out += fmt::format("  {}\n", reason);
    }
    line(out, "base", side_words(comparison.base));
    line(out, "patch", side_words(comparison.patch));
    for (const std::string& remark : comparison.remarks) {
        line(out, "NOTE", remark);
    }
    tallies(comparison, out);
    for (const std::string& sight : sight_lines(comparison)) {
        line(out, "sight", sight);
    }
    for (const MetricDifference& each : comparison.metrics) {
        if (clear(each, comparison.alpha_of_interval)) {
            line(out,
                 "difference",
                 fmt::format("{}, {}: {} -> {} {}, {}",
                             to_string(each.tier),
                             each.metric.name,
                             number_words(each.difference.base_mean()),
                             number_words(each.difference.patch_mean()),
                             each.metric.unit,
                             change_words(each, comparison.alpha_of_interval)));
        }
    }
    constexpr std::size_t details_max = 8;
    for (const KeptFailure& failure : comparison.failures) {
        line(out,
             "failure",
             fmt::format(
                 "{}'s, {}: {}", failure.patch ? "patch" : "base", failure.check, failure.reason));
        for (const std::string& detail : details_of(failure, details_max)) {
            out += fmt::format("                {}\n", detail);
        }
        if (const std::string words = shrinking_words(failure); !words.empty()) {
            line(out, "", words);
        }
        line(out, "", fmt::format("kept in {}/{}", directory, failure.directory));
        line(out, "", fmt::format("replay: {}", failure.replay));
    }
    line(out,
         "took",
         fmt::format("{:.0f} s to build, {:.0f} s of {:.0f} s to compare{}",
                     comparison.build_seconds,
                     comparison.compare_seconds,
                     comparison.budget_seconds,
                     comparison.interrupted ? "; interrupted" : ""));
    line(out, "reproduce", comparison.command);
    line(out, "kept in", directory + "/compare.md");
    return out;
}

}  // namespace squall::harness::compare
