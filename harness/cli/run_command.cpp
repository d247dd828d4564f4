#include <atomic>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "harness/cli/commands.hpp"
#include "harness/cli/plan_options.hpp"
#include "harness/cli/progress_line.hpp"
#include "harness/cli/run_directory.hpp"
#include "harness/cli/stop_signals.hpp"
#include "harness/cli/version.hpp"
#include "harness/failure.hpp"
#include "harness/judge.hpp"
#include "harness/process/reaper.hpp"
#include "harness/process/run_processes.hpp"
#include "harness/report/terminal.hpp"

namespace squall::harness::cli {
namespace {

namespace fs = std::filesystem;

struct RunOptions {
    PlanOptions plan;
    std::string out;
    std::string node_binary;
    bool log_stderr = false;
};

/// The node program that was built with this one.
std::string sibling_program(const std::string& name) {
    std::error_code error;
    const fs::path self = fs::read_symlink("/proc/self/exe", error);
    return error ? name : (self.parent_path() / name).string();
}

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

int run(const RunOptions& options) {
    const Plan plan = make_plan(options.plan, fresh_seed());
    const std::string directory = make_run_directory(plan, options.out);
    write_file(directory + "/plan.json", to_json(plan));
    fmt::print(stderr,
               "squall: {} x {}, workload {}, {} faults planned, seed {}\n",
               plan.nodes,
               plan.system,
               plan.workload,
               plan.faults.size(),
               plan.seed);
    const std::atomic<int>& stop_requests = watch_stop_signals();
    process::live_under_a_reaper();
    RunRecord record;
    {
        ProgressLine line;
        record = process::run_processes(
            plan,
            {.run_directory = directory,
             .node_binary =
                 options.node_binary.empty() ? sibling_program("raft-node") : options.node_binary,
             .show_logs = options.log_stderr,
             .on_progress = [&line](Time now,
                                    const Progress& progress) { line.show(now, progress); },
             .stop_requests = &stop_requests});
    }
    only_judging_is_left();
    for (const std::string& remark : record.remarks) {
        fmt::print(stderr, "squall: {}\n", remark);
    }
    const Results results = judge(record, {.version = version(), .command = "run"});
    // Said before it is written: the disk may be what failed.
    fmt::print("{}", report::terminal_summary(results, directory));
    std::fflush(stdout);
    try {
        write_file(directory + "/realised.json", to_json(record.realised));
        write_reports(
            directory, results, record.events, load_node_traces(directory, record.plan.nodes));
    } catch (const Failure& failure) {
        fmt::print(stderr, "squall: {}\n", failure.what());
        return exit_code(results.verdict == RunVerdict::invalid ? RunVerdict::invalid
                                                                : RunVerdict::void_run);
    }
    drop_data_of_passed_run(directory, results);
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
    command->callback([chosen, options] { *chosen = [options] { return run(*options); }; });
}

}  // namespace squall::harness::cli
