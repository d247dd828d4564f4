#include "harness/compare/pair_outcome.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace squall::harness::compare {
namespace {

constexpr std::array<std::string_view, 5> bounds{
    "progress", "availability", "convergence", "term-growth", never_ended};

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
        outcome.problem =
            fmt::format("{}{}",
                        harness::to_string(results.verdict),
                        results.reasons.empty() ? "" : ": " + results.reasons.front());
    }
    return outcome;
}

}  // namespace squall::harness::compare
