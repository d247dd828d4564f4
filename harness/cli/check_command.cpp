#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "checker/model.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/read_files.hpp"
#include "harness/cli/whole_number.hpp"
#include "harness/failure.hpp"
#include "harness/judge.hpp"
#include "harness/report/terminal.hpp"

namespace squall::harness::cli {
namespace {

struct CheckOptions {
    std::string model = "register";
    std::vector<std::string> files;
    checker::Budget budget;
};

/// A run's directory stands for its history.
std::string history_of(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::is_directory(path, ignored) ? path + "/history.jsonl" : path;
}

checker::Verdict check_file(const CheckOptions& options, const std::string& path) {
    const std::string file = history_of(path);
    const std::vector<history::Event> events = read_history(file);
    const std::vector<checker::Check> checks = judge_history(events, options.model, options.budget);
    const checker::Verdict verdict = checker::worst(checks);
    fmt::print("{}: {} ({} events)\n{}",
               file,
               checker::to_string(verdict),
               events.size(),
               report::check_lines(checks));
    return verdict;
}

int run(const CheckOptions& options) {
    if (checker::find_model(options.model) == nullptr) {
        throw UsageError(fmt::format("--model: there is no model \"{}\"; squall list shows them",
                                     options.model));
    }
    if (options.budget.steps < 1 || options.budget.bytes < 1) {
        throw UsageError("--steps and --bytes: at least 1, or nothing can be judged");
    }
    checker::Verdict verdict = checker::Verdict::valid;
    for (const std::string& file : options.files) {
        verdict = checker::worst(verdict, check_file(options, file));
    }
    switch (verdict) {
        case checker::Verdict::valid:
            return exit_code(RunVerdict::valid);
        case checker::Verdict::unknown:
            return exit_code(RunVerdict::unknown);
        case checker::Verdict::invalid:
            break;
    }
    return exit_code(RunVerdict::invalid);
}

}  // namespace

void add_check_command(CLI::App& app, Command* chosen) {
    CLI::App* command = app.add_subcommand("check", "Judge recorded histories");
    auto options = std::make_shared<CheckOptions>();
    command->add_option("files", options->files, "history.jsonl files, or directories of runs")
        ->required();
    command->add_option("--model", options->model, "Sequential model (see squall list)")
        ->capture_default_str();
    command->add_option("--steps", options->budget.steps, "Budget: steps of the search")
        ->check(whole_number_problem)
        ->capture_default_str();
    command->add_option("--bytes", options->budget.bytes, "Budget: memory of the search")
        ->check(whole_number_problem)
        ->capture_default_str();
    command->callback([chosen, options] { *chosen = [options] { return run(*options); }; });
}

}  // namespace squall::harness::cli
