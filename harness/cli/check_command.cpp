#include <cmath>
#include <memory>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "checker/model.hpp"
#include "harness/cli/check_jobs.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/format_options.hpp"
#include "harness/cli/whole_number.hpp"
#include "harness/failure.hpp"
#include "harness/report/terminal.hpp"
#include "harness/results.hpp"
#include "history/text_input.hpp"

namespace squall::harness::cli {
namespace {

constexpr int exit_usage = 64;

struct CheckCommand {
    std::vector<std::string> files;
    std::string model;
    FormatOptions format;
    std::string initial;
    std::string engine = "auto";
    double time_s = 0;
    std::size_t jobs = 1;
    bool json = false;
    std::string page;
    checker::Budget budget;
};

CheckFileOptions file_options(const CheckCommand& command) {
    if (!command.model.empty() && checker::find_model(command.model) == nullptr) {
        throw UsageError(fmt::format("--model: there is no model \"{}\"; squall list shows them",
                                     history::printable(command.model)));
    }
    if (command.budget.steps < 1 || command.budget.bytes < 1) {
        throw UsageError("--steps and --bytes: at least 1, or nothing can be judged");
    }
    CheckFileOptions options;
    options.model = command.model;
    options.read = read_options(command.format);
    if (!command.initial.empty()) {
        options.initial = value_from_flag(command.initial);
    }
    const auto engine = checker::engine_named(command.engine);
    if (!engine) {
        throw UsageError(
            fmt::format("--engine: there is no engine \"{}\"; auto takes the fastest "
                        "that can judge a key",
                        history::printable(command.engine)));
    }
    options.check.engine = *engine;
    options.check.budget = command.budget;
    if (!command.page.empty() && command.files.size() != 1) {
        throw UsageError("--html: one page is of one history; name one file");
    }
    options.page = command.page;
    return options;
}

CheckJobs jobs_of(const CheckCommand& command) {
    constexpr std::size_t jobs_max = 256;
    constexpr double time_max = 1e6;
    if (command.jobs < 1 || command.jobs > jobs_max) {
        throw UsageError(fmt::format("--jobs: from 1 to {}", jobs_max));
    }
    if (!std::isfinite(command.time_s) || command.time_s < 0 || command.time_s > time_max) {
        throw UsageError("--time: seconds for each file, from 0 (no limit) to 1000000");
    }
    CheckJobs jobs;
    jobs.at_once = command.jobs;
    if (command.time_s > 0) {
        jobs.time = std::chrono::duration_cast<std::chrono::nanoseconds>(
            std::chrono::duration<double>(command.time_s));
    }
    return jobs;
}

std::string counted(std::size_t number, const char* what) {
    return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

void print(const CheckedFile& checked) {
    for (const std::string& warning : checked.warnings) {
        fmt::print(stderr, "squall: warning: {}\n", warning);
    }
    if (!checked.error.empty()) {
        fmt::print(stderr, "squall: {}\n", checked.error);
        return;
    }
    fmt::print("{}: {}  {}, {}, {}{:.0f} ms + {:.0f} ms to read, {:.0f} MB\n",
               checked.file,
               checker::to_string(checked.verdict),
               counted(checked.operations, "operation"),
               counted(checked.keys, "key"),
               checked.engine.empty() ? "" : checked.engine + ", ",
               checked.check_ms,
               checked.read_ms,
               checked.peak_mb);
    const checker::Check check{.name = "linearizable",
                               .verdict = checked.verdict,
                               .reason = checked.reason,
                               .details = checked.details};
    fmt::print("{}", report::check_lines({check}));
}

int run(const CheckCommand& command) {
    bool refused = false;
    checker::Verdict verdict = checker::Verdict::valid;
    check_files(
        command.files, file_options(command), jobs_of(command), [&](const CheckedFile& checked) {
            if (command.json) {
                fmt::print("{}\n", to_json(checked));
            } else {
                print(checked);
            }
            std::fflush(stdout);
            if (!checked.error.empty()) {
                refused = true;
            } else {
                verdict = checker::worst(verdict, checked.verdict);
            }
        });
    if (verdict == checker::Verdict::invalid) {
        return exit_code(RunVerdict::invalid);
    }
    if (refused) {
        return exit_usage;
    }
    return exit_code(verdict == checker::Verdict::valid ? RunVerdict::valid : RunVerdict::unknown);
}

}  // namespace

void add_check_command(CLI::App& app, Command* chosen) {
    CLI::App* command = app.add_subcommand("check", "Judge recorded histories, in any format");
    auto options = std::make_shared<CheckCommand>();
    command->add_option("files", options->files, "Histories (docs/formats.md), directories of runs")
        ->required();
    command->add_option(
        "--model", options->model, "Sequential model (see squall list); else the file's own");
    add_format_options(*command, options->format);
    command->add_option("--init", options->initial, "What objects begin with: 0, nil, '\"\"'");
    command->add_option("--engine", options->engine, "auto, or the one that must judge every key")
        ->capture_default_str();
    command->add_option("--jobs", options->jobs, "Files at once")
        ->check(whole_number_problem)
        ->capture_default_str();
    command->add_option("--time", options->time_s, "Budget: seconds for each file; 0: no limit")
        ->capture_default_str();
    command->add_option("--steps", options->budget.steps, "Budget: steps of the search")
        ->check(whole_number_problem)
        ->capture_default_str();
    command->add_option("--bytes", options->budget.bytes, "Budget: memory of the search")
        ->check(whole_number_problem)
        ->capture_default_str();
    command->add_option("--html", options->page, "Write a page of the history, of one file");
    command->add_flag("--json", options->json, "One JSON object a file");
    command->callback([chosen, options] { *chosen = [options] { return run(*options); }; });
}

}  // namespace squall::harness::cli
