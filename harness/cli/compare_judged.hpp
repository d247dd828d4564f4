// One side of a simulated pair, judged by this program.
#pragma once

#include <string>

#include "harness/cli/compare_runner.hpp"
#include "harness/compare/metrics.hpp"
#include "harness/compare/recorded_run.hpp"
#include "harness/results.hpp"

namespace squall::harness::cli {

struct JudgedRun {
    compare::RecordedRun run;
    Results results;
    compare::Measured measured;
};

/// What a simulator said of the plan, as bytes; nothing to read when it died of it. Empty then.
[[nodiscard]] std::string recording_of(CompareRunner& runner, const SimulatedHead& head);

/// A simulator that crashed is a node that crashed, one that hung a run without an end. Throws
/// Failure when the bytes are no recording.
[[nodiscard]] JudgedRun judge_simulated(const std::string& recording,
                                        const SimulatedHead& head,
                                        const Plan& plan);

/// Starts the plan, waits, judges.
[[nodiscard]] JudgedRun simulate_on(CompareRunner& runner, const Plan& plan);

/// Everything about it, into a new directory. Throws Failure.
void write_judged(const std::string& directory, JudgedRun&& judged);

/// Of the check of that name: its reason and its details. Null when there is none.
[[nodiscard]] const checker::Check* find_check(const Results& results, const std::string& name);

}  // namespace squall::harness::cli
