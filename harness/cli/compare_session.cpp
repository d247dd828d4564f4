#include "harness/cli/compare_session.hpp"

#include <cstdio>
#include <filesystem>
#include <unistd.h>

#include <fmt/format.h>

#include "harness/cli/compare_judged.hpp"

namespace squall::harness::cli {
namespace {

/// Of each side: the first of a kind is enough to look at.
constexpr std::size_t kept_max = 8;

}  // namespace

const char* to_string(ComparePhase phase) {
    switch (phase) {
        case ComparePhase::general:
            return "general";
        case ComparePhase::real:
            return "real processes";
        case ComparePhase::targeted:
            return "targeted";
    }
    return "";
}

void CompareSession::add_metrics(compare::PairTier tier,
                                 const compare::Measured& base,
                                 const compare::Measured& patch) {
    for (std::size_t i = 0; i < compare::metrics.size(); ++i) {
        if (!base[i] || !patch[i]) {
            continue;
        }
        auto row = found.metrics.begin();
        while (row != found.metrics.end() &&
               (row->tier != tier || row->metric.name != compare::metrics[i].name)) {
            ++row;
        }
        if (row == found.metrics.end()) {
            row = found.metrics.insert(row, {tier, compare::metrics[i], {}});
        }
        row->difference.add(*base[i], *patch[i]);
    }
}

std::string CompareSession::keep(const compare::PairOutcome& pair,
                                 const Results& results,
                                 bool patch) {
    const compare::SideOutcome& side = patch ? pair.patch : pair.base;
    const std::string check = !side.safety.empty()    ? side.safety.front()
                              : !side.service.empty() ? side.service.front()
                                                      : "";
    if (check.empty() || found.failures.size() >= kept_max || !kept.insert({patch, check}).second) {
        return "";
    }
    compare::KeptFailure failure;
    failure.check = check;
    failure.tier = pair.tier;
    failure.profile = pair.profile;
    failure.seed = pair.seed;
    failure.patch = patch;
    if (const checker::Check* shown_check = find_check(results, check)) {
        failure.reason = shown_check->reason;
        failure.details = shown_check->details;
    } else {
        failure.reason = results.reasons.empty() ? "" : results.reasons.front();
    }
    failure.directory = fmt::format(
        "failures/{}-{}-{}", found.failures.size() + 1, patch ? "patch" : "base", check);
    found.failures.push_back(failure);
    return directory + "/" + failure.directory;
}

std::string CompareSession::keep_undecided(bool patch) {
    if (!kept.insert({patch, ""}).second) {
        return "";
    }
    const std::string name = patch ? "undecided/patch" : "undecided/base";
    found.remarks.push_back(
        fmt::format("a run of the {} could not be judged; the first such, with "
                    "what its nodes wrote, is in {}",
                    patch ? "patch" : "base",
                    name));
    return directory + "/" + name;
}

void CompareSession::show_progress(const char* phase) {
    const Clock::time_point now = Clock::now();
    if (::isatty(STDERR_FILENO) != 1 || now - shown < std::chrono::milliseconds(250)) {
        return;
    }
    shown = now;
    const compare::Tally all = found.decider.total();
    fmt::print(stderr,
               "\r\x1b[K  {:.0f} s of {:.0f} s, {}: {} pairs ({} identical), alone failed: patch "
               "{}, base {}",
               std::chrono::duration<double>(now - begun).count(),
               found.budget_seconds,
               phase,
               all.pairs,
               all.identical,
               all.safety.against + all.service.against,
               all.safety.opposite + all.service.opposite);
    std::fflush(stderr);
}

void CompareSession::hide_progress() {
    if (::isatty(STDERR_FILENO) == 1) {
        fmt::print(stderr, "\r\x1b[K");
        std::fflush(stderr);
    }
}

}  // namespace squall::harness::cli
