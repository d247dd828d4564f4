// Shrinks a failing run where it failed: in the simulator, where one run of a plan tells all, or on
// real processes, where a plan is run as often as its verdict needs. What is left is kept like any
// run, in shrunk/ within the directory of the run.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

#include "harness/cli/budget.hpp"
#include "harness/cli/failed_run.hpp"

namespace squall::harness::cli {

struct ShrinkOptions {
    /// Of the search. To confirm the result takes a few runs more.
    std::chrono::nanoseconds budget{};
    std::string node_binary = {};  ///< For real processes.
    /// How often the result is run there.
    std::uint64_t confirm_runs = 10;
    /// Interrupted: the best so far is kept. Set from a signal handler.
    const std::atomic<int>* stop_requests = nullptr;
};

/// Says what became of it. Returns the exit code: *invalid* when a plan was found and still fails,
/// *unknown* when the failure did not come again. For real processes under a reaper only.
[[nodiscard]] int shrink_run(const FailedRun& run, const ShrinkOptions& options);

}  // namespace squall::harness::cli
