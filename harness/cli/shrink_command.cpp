#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "harness/cli/budget.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/failed_run.hpp"
#include "harness/cli/shrink_run.hpp"
#include "harness/cli/stop_signals.hpp"
#include "harness/failure.hpp"
#include "harness/process/reaper.hpp"
#include "harness/results.hpp"

namespace squall::harness::cli {
namespace {

struct Options {
    std::string directory;
    std::string check;
    std::string budget = "5m";
    std::uint64_t confirm = 10;
    std::string node_binary;
};

int run(const Options& options) {
    const auto budget = read_budget("--budget", options.budget);
    const auto failed = read_failed_run(options.directory, options.check);
    if (!failed) {
        fmt::print(stderr,
                   "squall: {}: no check failed in this run; there is nothing to shrink\n",
                   options.directory);
        return exit_code(RunVerdict::unknown);
    }
    const std::atomic<int>& stop_requests = watch_stop_signals();
    if (failed->command != "sim") {
        process::live_under_a_reaper();
    }
    return shrink_run(*failed,
                      {.budget = budget,
                       .node_binary = options.node_binary,
                       .confirm_runs = options.confirm,
                       .stop_requests = &stop_requests});
}

}  // namespace

void add_shrink_command(CLI::App& app, Command* chosen) {
    CLI::App* command = app.add_subcommand(
        "shrink", "Cut a failing run down to the faults and operations that it takes");
    auto options = std::make_shared<Options>();
    command->add_option("directory", options->directory, "Directory of a run, such as runs/latest")
        ->required();
    command->add_option(
        "--check", options->check, "The check that has to go on failing; default: the first");
    command->add_option("--budget", options->budget, "How long to search: 90s, 5m, 1h")
        ->capture_default_str();
    command
        ->add_option("--confirm", options->confirm, "How often the result is run on real processes")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command->add_option("--node-binary",
                        options->node_binary,
                        "The node program; default: the one built with squall");
    command->callback([chosen, options] { *chosen = [options] { return run(*options); }; });
}

}  // namespace squall::harness::cli
