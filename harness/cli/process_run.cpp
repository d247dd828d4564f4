#include "harness/cli/process_run.hpp"

#include <filesystem>
#include <system_error>

#include "harness/cli/run_directory.hpp"
#include "harness/cli/version.hpp"
#include "harness/judge.hpp"
#include "harness/process/run_processes.hpp"

namespace squall::harness::cli {
namespace {

/// The node program that was built with this one.
std::string sibling_program(const std::string& name) {
    std::error_code error;
    const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
    return error ? name : (self.parent_path() / name).string();
}

}  // namespace

ProcessRun run_on_processes(const Plan& plan,
                            const std::string& directory,
                            const ProcessRunOptions& options) {
    write_file(directory + "/plan.json", to_json(plan));
    ProcessRun run;
    run.record = process::run_processes(
        plan,
        {.run_directory = directory,
         .node_binary =
             options.node_binary.empty() ? sibling_program("raft-node") : options.node_binary,
         .show_logs = options.show_logs,
         .on_progress = options.on_progress,
         .stop_requests = options.stop_requests});
    options.on_judging();
    run.results = judge(run.record, {.version = version(), .command = "run"});
    return run;
}

void write_process_run(const std::string& directory, const ProcessRun& run) {
    write_file(directory + "/realised.json", to_json(run.record.realised));
    write_reports(directory,
                  run.results,
                  run.record.events,
                  load_node_traces(directory, run.record.plan.nodes));
}

}  // namespace squall::harness::cli
