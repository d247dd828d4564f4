// Carries a shrinker through: has each candidate run as often as its verdict needs, measures how
// often the original and the result fail, and stops when asked to. Runs nothing itself and reads no
// clock: both come from whoever calls it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "harness/plan.hpp"
#include "harness/shrink/observed_run.hpp"
#include "harness/shrink/repetition.hpp"
#include "harness/shrink/shrinker.hpp"

namespace squall::harness::shrink {

/// What is known of a plan from its runs.
struct Tried {
    bool fails = false;
    Rate rate;
};

struct SessionOptions {
    RepetitionOptions repetition;
    std::uint64_t confirm_runs = 10;  ///< Of the result.
    ShrinkerOptions shrinker;

    /// One run of the plan fails like the original one.
    std::function<bool(const Plan&)> run;

    /// Shrinking is to end, with the best so far.
    std::function<bool()> out_of_time = [] { return false; };
    /// Everything is to end: nothing more is run, not even to confirm.
    std::function<bool()> stop = [] { return false; };

    /// From an earlier session that was cut short; nothing: not known.
    std::function<std::optional<Tried>(const Plan&)> recall = [](const Plan&) {
        return std::nullopt;
    };
    /// Each verdict, with the smallest plan so far.
    std::function<void(const Plan&, const Tried&, const Plan&)> learn =
        [](const Plan&, const Tried&, const Plan&) {};
};

/// The simulator is exact: one run tells.
[[nodiscard]] inline SessionOptions exact() {
    SessionOptions options;
    options.repetition = {.runs_max = 1, .base_runs = 1, .base_failures = 1};
    options.confirm_runs = 1;
    options.shrinker.redraws = 6;
    return options;
}

struct Shrunk {
    Plan plan;
    Rate base;             ///< Of the run itself, or its first repetition that failed.
    Rate confirmed;        ///< Of `plan`. Without a failure nothing was reproduced.
    bool complete = true;  ///< Nothing more was to be tried.
    std::uint64_t attempts = 0;
    std::uint64_t runs = 0;
};

[[nodiscard]] Shrunk shrink(const ObservedRun& run, const SessionOptions& options);

}  // namespace squall::harness::shrink
