#include "harness/compare/pair_outcome.hpp"

#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>

#include "harness/report/escape.hpp"

namespace squall::harness::compare {
namespace {

constexpr std::array<std::string_view, 5> bounds{
    "progress", "availability", "convergence", "term-growth", never_ended};

/// A reason may name the command of a node, which is longer than all else.
std::string without_commands(const std::string& reason) {
    std::istringstream in(reason);
    std::string text;
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with("  command: ") && !line.empty()) {
            text += (text.empty() ? "" : "\n    ") + report::shortened(line, 200);
        }
    }
    return text;
}

}  // namespace

const char* to_string(PairTier tier) {
    return tier == PairTier::simulator ? "simulator" : "processes";
}

FindingKind kind_of(const std::string& check) {
    return std::ranges::find(bounds, check) == bounds.end() ? FindingKind::safety
                                                            : FindingKind::service;
}

SideOutcome outcome_of(const Results& results) {
    SideOutcome outcome;
    for (const checker::Check& check : results.checks) {
        if (check.verdict == checker::Verdict::invalid) {
            (kind_of(check.name) == FindingKind::safety ? outcome.safety : outcome.service)
                .push_back(check.name);
        }
    }
    if (results.command == "sim" && results.verdict == RunVerdict::void_run) {
        outcome.service.emplace_back(never_ended);
    }
    outcome.judged = results.verdict == RunVerdict::valid ||
                     results.verdict == RunVerdict::invalid || !outcome.service.empty();
    if (!outcome.judged) {
        outcome.problem = harness::to_string(results.verdict);
        if (!results.reasons.empty()) {
            outcome.problem += ": " + without_commands(results.reasons.front());
        }
    }
    return outcome;
}

}  // namespace squall::harness::compare
