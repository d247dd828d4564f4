// The subcommands of `squall`. Each adds itself to the command line and returns its exit code
// through `run`.
#pragma once

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace squall::harness::cli {

/// What main runs once the command line is parsed; returns the exit code of
/// docs/outcomes-and-verdicts.md.
using Command = std::function<int()>;

/// Each registers one subcommand and sets `*chosen` when it is the one asked for.
void add_run_command(CLI::App& app, Command* chosen);
void add_sim_command(CLI::App& app, Command* chosen);
void add_check_command(CLI::App& app, Command* chosen);
void add_convert_command(CLI::App& app, Command* chosen);
void add_report_command(CLI::App& app, Command* chosen);
void add_shrink_command(CLI::App& app, Command* chosen);
void add_traces_command(CLI::App& app, Command* chosen);
void add_zoo_command(CLI::App& app, Command* chosen);
void add_explore_command(CLI::App& app, Command* chosen);
void add_suite_command(CLI::App& app, Command* chosen);
void add_triage_command(CLI::App& app, Command* chosen);
void add_list_command(CLI::App& app, Command* chosen);

}  // namespace squall::harness::cli
