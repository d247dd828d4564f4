#include "harness/cli/zoo_inspector.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "harness/cli/stopwatch.hpp"
#include "harness/cli/zoo_shrink.hpp"
#include "harness/cli/zoo_trials.hpp"
#include "harness/failure.hpp"
#include "harness/judge.hpp"

namespace squall::harness::cli {
namespace {

using Clock = std::chrono::steady_clock;

/// Each detector alone is given up when all that still search have seen so many seeds more than
/// the last one that found something, unless clients' histories are still to tell.
constexpr std::uint64_t patience = 100;
/// Of one seed on real processes, when the harness failed.
constexpr int runs_max = 3;
/// The canary is no bug that anybody had: it shows that what fails seldom is reported.
constexpr const char* canary = "canary";

}  // namespace

ZooInspector::ZooInspector(const ZooOptions& options,
                           const std::atomic<int>& stop_requests,
                           Callbacks callbacks)
    : options_(options), stop_requests_(stop_requests), callbacks_(std::move(callbacks)) {}

std::optional<BugScore> ZooInspector::inspect(const systems::Bug& bug) const {
    BugScore score;
    score.slug = bug.slug;
    score.what = bug.what;
    score.source = bug.source;
    score.breaks = bug.breaks;
    score.expected = bug.detector;
    score.counts = bug.slug != canary;
    for (std::uint64_t number = 0; number < options_.tries && !stopped(); ++number) {
        score.tries.push_back(one_try(score, number));
    }
    if (options_.simulated() && !options_.no_alone && !stopped()) {
        each_alone(score);
    }
    return stopped() ? std::nullopt : std::optional(std::move(score));
}

std::optional<Conviction> ZooInspector::one_try(BugScore& score, std::uint64_t number) const {
    const Clock::time_point begun = Clock::now();
    const std::uint64_t first = options_.seed + number * try_distance;
    double longest = 0;
    for (std::uint64_t i = 0; i < options_.seeds && !stopped(); ++i) {
        const double before = seconds_since(begun);
        // What would end too late would not count.
        if (options_.seconds_max > 0 && before + longest > options_.seconds_max) {
            break;
        }
        callbacks_.on_step(fmt::format("{}, try {}, seed {}", score.slug, number + 1, first + i));
        const Trial trial = run(score, first + i);
        ++score.seeds_run;
        longest = std::max(longest, seconds_since(begun) - before);
        if (!trial.findings.empty()) {
            return convicted(
                trial, fmt::format("{}-{}", score.slug, number + 1), i + 1, seconds_since(begun));
        }
    }
    return std::nullopt;
}

Trial ZooInspector::run(BugScore& score, std::uint64_t seed) const {
    if (options_.simulated()) {
        return simulated_trial(score.slug, seed, false);
    }
    for (int runs = 1;; ++runs) {
        Trial trial = process_trial(score.slug, seed, stop_requests_);
        if (trial.void_reason.empty() || !trial.findings.empty() || stopped()) {
            return trial;
        }
        ++score.void_runs;
        if (runs == runs_max) {
            throw Failure(fmt::format(
                "bug '{}', seed {}: void {} times: {}", score.slug, seed, runs, trial.void_reason));
        }
    }
}

Conviction ZooInspector::convicted(const Trial& trial,
                                   const std::string& name,
                                   std::uint64_t seeds,
                                   double seconds) const {
    Conviction conviction{.finding = trial.findings.front(),
                          .seed = trial.plan.seed,
                          .seeds = seeds,
                          .seconds = seconds,
                          .detectors = {},
                          .shrunk = {}};
    for (const Finding& finding : trial.findings) {
        conviction.detectors.push_back(finding.detector);
    }
    callbacks_.on_plan(name, trial.plan);
    if (!options_.shrinks()) {
        return conviction;
    }
    callbacks_.on_step(fmt::format("{}, shrinking seed {}", name, trial.plan.seed));
    const std::string& check = conviction.finding.check;
    const std::chrono::duration<double> budget(options_.shrink_seconds_max);
    const std::optional<ShrunkTrial> shrunk =
        options_.simulated() ? shrink_trial(trial.record, check)
                             : shrink_on_processes(trial.record, check, budget, stop_requests_);
    if (shrunk) {
        conviction.shrunk = shrunk->sizes;
        callbacks_.on_plan(name + "-shrunk", shrunk->plan);
    }
    return conviction;
}

void ZooInspector::each_alone(BugScore& score) const {
    for (const Detector& detector : detectors()) {
        score.alone.try_emplace(std::string(detector.name));
    }
    const Clock::time_point begun = Clock::now();
    std::uint64_t last_news = 0;
    for (std::uint64_t i = 0; i < options_.alone_seeds && !stopped(); ++i) {
        if (score.alone.at("linearizability") && i >= last_news + patience) {
            break;
        }
        callbacks_.on_step(
            fmt::format("{}, detectors alone, seed {}", score.slug, options_.seed + i));
        score.alone_seeds = i + 1;
        const Trial trial = simulated_trial(score.slug, options_.seed + i, true);
        for (const Finding& finding : trial.findings) {
            std::optional<Conviction>& first = score.alone.at(finding.detector);
            if (!first) {
                first = Conviction{.finding = finding,
                                   .seed = options_.seed + i,
                                   .seeds = i + 1,
                                   .seconds = seconds_since(begun),
                                   .detectors = {},
                                   .shrunk = {}};
                last_news = i + 1;
            }
        }
    }
}

}  // namespace squall::harness::cli
