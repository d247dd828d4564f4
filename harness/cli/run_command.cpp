#include <atomic>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "harness/cli/budget.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/failed_run.hpp"
#include "harness/cli/plan_options.hpp"
#include "harness/cli/process_run.hpp"
#include "harness/cli/progress_line.hpp"
#include "harness/cli/run_directory.hpp"
#include "harness/cli/shrink_run.hpp"
#include "harness/cli/stop_signals.hpp"
#include "harness/failure.hpp"
#include "harness/process/reaper.hpp"
#include "harness/report/terminal.hpp"

namespace squall::harness::cli {
namespace {

namespace fs = std::filesystem;

struct RunOptions {
    PlanOptions plan;
    std::string out;
    std::string node_binary;
    bool log_stderr = false;
    bool shrink = false;
    std::string budget = "5m";
};

/// Only failed runs keep what the nodes had on disk: it is large, and logs and traces tell the
/// story.
void drop_data_of_passed_run(const std::string& directory, const Results& results) {
    if (results.verdict != RunVerdict::valid) {
        return;
    }
    std::error_code ignored;
    for (std::uint32_t node = 1; node <= results.plan.nodes; ++node) {
        fs::remove_all(fmt::format("{}/nodes/{}/data", directory, node), ignored);
    }
}

void shrink_it(const RunOptions& options,
               const std::string& directory,
               const ProcessRun& done,
               const std::atomic<int>& stop_requests) {
    const auto failed =
        failed_run(directory, done.results, done.record.realised, done.record.events, "");
    if (failed) {
        fmt::print(stderr, "squall: shrinking, for {}\n", options.budget);
        static_cast<void>(shrink_run(*failed,
                                     {.budget = read_budget("--shrink-budget", options.budget),
                                      .node_binary = options.node_binary,
                                      .stop_requests = &stop_requests}));
    }
}

int run(const RunOptions& options) {
    static_cast<void>(read_budget("--shrink-budget", options.budget));
    const Plan plan = make_plan(options.plan, fresh_seed());
    const std::string directory = make_run_directory(plan, options.out);
    fmt::print(stderr,
               "squall: {} x {}, workload {}, {} faults planned, seed {}\n",
               plan.nodes,
               plan.system,
               plan.workload,
               plan.faults.size(),
               plan.seed);
    const std::atomic<int>& stop_requests = watch_stop_signals();
    process::live_under_a_reaper();
    ProcessRun done;
    {
        ProgressLine line;
        done = run_on_processes(
            plan,
            directory,
            {.node_binary = options.node_binary,
             .show_logs = options.log_stderr,
             .on_progress = [&line](Time now,
                                    const Progress& progress) { line.show(now, progress); },
             .on_judging = only_judging_is_left,
             .stop_requests = &stop_requests});
    }
    for (const std::string& remark : done.record.remarks) {
        fmt::print(stderr, "squall: {}\n", remark);
    }
    done.results.plan_given = !options.plan.plan_file.empty();
    done.results.directory = directory;
    const Results& results = done.results;
    // Said before it is written: the disk may be what failed.
    fmt::print("{}", report::terminal_summary(results, directory));
    std::fflush(stdout);
    try {
        write_process_run(directory, done);
    } catch (const Failure& failure) {
        fmt::print(stderr, "squall: {}\n", failure.what());
        return exit_code(results.verdict == RunVerdict::invalid ? RunVerdict::invalid
                                                                : RunVerdict::void_run);
    }
    drop_data_of_passed_run(directory, results);
    if (options.shrink && results.verdict == RunVerdict::invalid && stop_requests == 0) {
        shrink_it(options, directory, done, stop_requests);
    }
    return exit_code(results.verdict);
}

}  // namespace

void add_run_command(CLI::App& app, Command* chosen) {
    CLI::App* command = app.add_subcommand("run", "One experiment on real processes");
    auto options = std::make_shared<RunOptions>();
    add_plan_options(*command, options->plan, Tier::processes);
    command->add_option(
        "--out", options->out, "New directory for the run; default: a fresh one under runs/");
    command->add_option("--node-binary",
                        options->node_binary,
                        "The node program; default: the one built with squall");
    command->add_flag(
        "--log-stderr",
        options->log_stderr,
        "Show what nodes log (--system maelstrom); it is in nodes/ID/log in any case");
    command->add_flag(
        "--shrink", options->shrink, "Shrink the run if it fails, by running smaller plans");
    command->add_option("--shrink-budget", options->budget, "How long, such as 90s or 5m")
        ->capture_default_str()
        ->needs("--shrink");
    command->callback([chosen, options] { *chosen = [options] { return run(*options); }; });
}

}  // namespace squall::harness::cli
