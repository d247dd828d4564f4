#include "harness/scorecard_text.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace squall::harness {

namespace {

std::string or_dash(const std::optional<std::uint64_t>& number) {
    return number ? std::to_string(*number) : "-";
}

std::string or_dash(const std::optional<double>& seconds) {
    return seconds ? fmt::format("{:.1f}", *seconds) : "-";
}

std::int64_t convictions_of(const BugScore& bug) {
    return std::ranges::count_if(bug.tries, [](const auto& each) { return each.has_value(); });
}

/// The checks that came first, each once, in the order of the tries.
std::string convicted_by(const BugScore& bug) {
    std::vector<std::string> checks;
    for (const auto& conviction : bug.tries) {
        if (conviction && std::ranges::find(checks, conviction->finding.check) == checks.end()) {
            checks.push_back(conviction->finding.check);
        }
    }
    if (checks.empty()) {
        return "not convicted";
    }
    return checks.size() == 1 ? checks.front()
                              : fmt::format("{} +{}", checks.front(), checks.size() - 1);
}

std::string sizes(const std::optional<ShrunkSizes>& shrunk,
                  std::uint64_t ShrunkSizes::*before,
                  std::uint64_t ShrunkSizes::*after) {
    return shrunk ? fmt::format("{} > {}", (*shrunk).*before, (*shrunk).*after) : "-";
}

std::string bugs_table(const Scorecard& card) {
    constexpr const char* row = "{:<31}{:<25}{:>5}{:>7}{:>6}{:>8}{:>8}{:>11}{:>12}\n";
    std::string text =
        fmt::format(row, "", "", "tries", "seeds", "", "seconds", "", "faults", "operations");
    text += fmt::format(row,
                        "bug",
                        "convicted by",
                        "of " + std::to_string(card.bugs.empty() ? 0 : card.bugs[0].tries.size()),
                        "median",
                        "p90",
                        "median",
                        "p90",
                        "shrunk",
                        "shrunk");
    for (const BugScore& bug : card.bugs) {
        const auto shrunk = shrunk_sizes(bug);
        text +=
            fmt::format(row,
                        bug.slug,
                        convicted_by(bug),
                        convictions_of(bug),
                        or_dash(seeds_quantile(bug, half_of_tries)),
                        or_dash(seeds_quantile(bug, most_tries)),
                        or_dash(seconds_quantile(bug, half_of_tries)),
                        or_dash(seconds_quantile(bug, most_tries)),
                        sizes(shrunk, &ShrunkSizes::faults_before, &ShrunkSizes::faults),
                        sizes(shrunk, &ShrunkSizes::operations_before, &ShrunkSizes::operations));
    }
    return text;
}

/// Seeds until each detector alone convicted.
std::string detectors_table(const Scorecard& card) {
    std::set<std::string> detectors;
    for (const BugScore& bug : card.bugs) {
        for (const auto& [detector, conviction] : bug.alone) {
            if (conviction) {
                detectors.insert(detector);
            }
        }
    }
    if (detectors.empty()) {
        return {};
    }
    constexpr int width = 17;
    std::string text =
        "\nseeds until each detector alone convicted, the core's own assertions off\n" +
        fmt::format("{:<31}", "bug");
    for (const std::string& detector : detectors) {
        text += fmt::format("{:>{}}", detector, width);
    }
    text += fmt::format("{:>{}}\n", "of seeds", width);
    for (const BugScore& bug : card.bugs) {
        text += fmt::format("{:<31}", bug.slug);
        for (const std::string& detector : detectors) {
            const auto found = bug.alone.find(detector);
            text += fmt::format("{:>{}}",
                                found != bug.alone.end() && found->second
                                    ? std::to_string(found->second->seeds)
                                    : "-",
                                width);
        }
        text += fmt::format("{:>{}}\n", bug.alone_seeds, width);
    }
    return text;
}

std::string bars_table(const Scorecard& card) {
    std::string text = "\n";
    for (const Bar& bar : bars(card)) {
        text += fmt::format("{:<53}{:<15}{:<12}{}\n",
                            bar.what,
                            bar.asked,
                            bar.reached,
                            bar.met ? "met" : "NOT MET");
    }
    return text;
}

std::string in_total(const Scorecard& card, const Totals& sum) {
    return fmt::format(
        "{} of {} bugs convicted, in {} of {} tries ({} tier, from seed {}, at most {} for each)\n",
        sum.convicted,
        sum.bugs,
        sum.tries_convicted,
        sum.tries,
        card.tier,
        card.base,
        card.seconds_max > 0 ? fmt::format("{:.0f} s", card.seconds_max)
                             : fmt::format("{} seeds", card.seeds_max));
}

/// Of those that are in no total.
std::string apart(const Scorecard& card) {
    std::string text;
    for (const BugScore& bug : card.bugs) {
        if (!bug.counts) {
            text += fmt::format(
                "{}: found in {} of {} tries\n", bug.slug, convictions_of(bug), bug.tries.size());
        }
    }
    return text;
}

}  // namespace

std::string to_text(const Scorecard& card) {
    const Totals sum = totals(card);
    std::string text = bugs_table(card) + detectors_table(card) + "\n";
    text += sum.bugs > 0 ? in_total(card, sum) : std::string();
    text += apart(card);
    if (sum.void_runs > 0) {
        text += fmt::format("{} void runs were run again\n", sum.void_runs);
    }
    return sum.bugs > 1 ? text + bars_table(card) : text;
}

}  // namespace squall::harness
