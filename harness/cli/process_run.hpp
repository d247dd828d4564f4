// One run on real processes, from its plan to the files in its directory.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "harness/plan.hpp"
#include "harness/results.hpp"
#include "harness/run.hpp"
#include "harness/run_record.hpp"

namespace squall::harness::cli {

struct ProcessRunOptions {
    std::string node_binary = {};  ///< Empty: the one that was built with squall.
    bool show_logs = false;
    std::function<void(Time, const Progress&)> on_progress = {};
    /// The nodes are gone, the judging begins.
    std::function<void()> on_judging = [] {};
    const std::atomic<int>* stop_requests = nullptr;
};

struct ProcessRun {
    RunRecord record;
    Results results;
};

/// Writes plan.json and what the run leaves into the directory, which exists, and judges it. The
/// caller lives under a reaper. Throws Failure when nothing could be started.
[[nodiscard]] ProcessRun run_on_processes(const Plan& plan,
                                          const std::string& directory,
                                          const ProcessRunOptions& options);

/// realised.json, results and reports. Throws Failure.
void write_process_run(const std::string& directory, const ProcessRun& run);

}  // namespace squall::harness::cli
