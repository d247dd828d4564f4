// squall: see `squall --help`. Exit codes: 0 valid, 1 invalid, 2 unknown, 3 void, 64 usage.
#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>

#include "harness/cli/commands.hpp"
#include "harness/cli/compare_command.hpp"
#include "harness/cli/version.hpp"
#include "harness/failure.hpp"

namespace {

constexpr int exit_void = 3;
constexpr int exit_usage = 64;

}  // namespace

int main(int argc, char** argv) {
    using namespace squall::harness;  // NOLINT(google-build-using-namespace)
    CLI::App app(
        "Squall: is this Raft correct? Runs a cluster through a storm and judges what clients saw.",
        "squall");
    app.set_version_flag("--version", cli::version());
    app.footer(
        "Exit codes: 0 valid, 1 invalid, 2 unknown, 3 void (the harness failed), 64 wrong usage.");
    cli::Command chosen;
    cli::add_run_command(app, &chosen);
    cli::add_sim_command(app, &chosen);
    cli::add_check_command(app, &chosen);
    cli::add_convert_command(app, &chosen);
    cli::add_report_command(app, &chosen);
    cli::add_shrink_command(app, &chosen);
    cli::add_traces_command(app, &chosen);
    cli::add_compare_command(app, &chosen);
    cli::add_zoo_command(app, &chosen);
    cli::add_explore_command(app, &chosen);
    cli::add_suite_command(app, &chosen);
    cli::add_triage_command(app, &chosen);
    cli::add_list_command(app, &chosen);
    try {
        app.parse(argc, argv);
        if (!chosen) {
            std::fprintf(stderr, "squall: say what to do\n\n%s", app.help().c_str());
            return exit_usage;
        }
        return chosen();
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : exit_usage;
    } catch (const UsageError& error) {
        std::fprintf(stderr, "squall: %s\n", error.what());
        return exit_usage;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "squall: void: %s\n", error.what());
        return exit_void;
    }
}
