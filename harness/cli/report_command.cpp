#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "harness/cli/commands.hpp"
#include "harness/cli/read_files.hpp"
#include "harness/cli/run_directory.hpp"
#include "harness/cli/version.hpp"
#include "harness/failure.hpp"
#include "harness/judge.hpp"
#include "harness/report/terminal.hpp"

namespace squall::harness::cli {
namespace {

namespace fs = std::filesystem;

/// A run that was killed has no results: what it left is judged now, and it stays void.
Results judge_remains(const Plan& plan,
                      const std::vector<history::Event>& events,
                      const NodeTraces& traces) {
    RunRecord record;
    record.plan = plan;
    record.realised = plan;
    record.events = events;
    record.elapsed = events.empty() ? Duration{} : events.back().time;
    record.void_reason = "the run did not come to its end: it left no results.json";
    checker::TraceChecker checker;
    for (const checker::TraceRecord& trace : traces.records) {
        checker.add(trace);
    }
    if (!traces.records.empty()) {
        record.trace_checks = checker.results();
    }
    return judge(record, {.version = version(), .command = "run"});
}

int run(const std::string& directory) {
    std::error_code ignored;
    if (!fs::exists(directory + "/plan.json", ignored)) {
        throw UsageError(directory +
                         ": holds no plan.json; name the directory of a run, such as runs/latest");
    }
    const Plan plan = read_plan(directory + "/plan.json");
    const std::vector<history::Event> events = read_history(directory + "/history.jsonl");
    const NodeTraces traces = load_node_traces(directory, plan.nodes);
    for (const std::string& problem : traces.unreadable) {
        fmt::print(stderr, "squall: warning: {}\n", problem);
    }
    const std::string results_path = directory + "/results.json";
    Results results = fs::exists(results_path, ignored) ? read_results(results_path, plan)
                                                        : judge_remains(plan, events, traces);
    results.directory = directory;
    write_pages(directory, results, events, traces);
    fmt::print("{}", report::terminal_summary(results, directory));
    return exit_code(results.verdict);
}

}  // namespace

void add_report_command(CLI::App& app, Command* chosen) {
    CLI::App* command =
        app.add_subcommand("report", "Write report.html, report.md and junit.xml of a run again");
    auto directory = std::make_shared<std::string>();
    command->add_option("directory", *directory, "Directory of a run, such as runs/latest")
        ->required();
    command->callback([chosen, directory] { *chosen = [directory] { return run(*directory); }; });
}

}  // namespace squall::harness::cli
