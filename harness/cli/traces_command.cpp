#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "checker/trace.hpp"
#include "harness/cli/commands.hpp"
#include "harness/failure.hpp"
#include "harness/judge.hpp"
#include "harness/report/terminal.hpp"
#include "history/text_input.hpp"

namespace squall::harness::cli {
namespace {

namespace fs = std::filesystem;

/// Beneath the directory that was named.
constexpr int depth_max = 4;

bool holds_traces(const fs::path& directory) {
    std::error_code error;
    for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        if (name.starts_with("trace-") && name.ends_with(".jsonl")) {
            return true;
        }
    }
    return false;
}

/// Every directory that holds traces, at or beneath this one, in order.
std::vector<std::string> trace_directories(const std::string& root) {
    std::vector<std::string> found;
    if (holds_traces(root)) {
        found.push_back(root);
    }
    std::error_code error;
    for (fs::recursive_directory_iterator entry(root, error), end; !error && entry != end;
         entry.increment(error)) {
        if (entry.depth() >= depth_max) {
            entry.disable_recursion_pending();
        }
        std::error_code ignored;
        if (entry->is_directory(ignored) && holds_traces(entry->path())) {
            found.push_back(entry->path().string());
        }
    }
    if (error) {
        throw UsageError(fmt::format("{}: {}", history::printable(root), error.message()));
    }
    std::sort(found.begin(), found.end());
    return found;
}

int run(const std::vector<std::string>& roots) {
    checker::TraceChecker checker;
    std::size_t records = 0;
    std::size_t directories = 0;
    for (const std::string& root : roots) {
        const std::vector<std::string> found = trace_directories(root);
        if (found.empty()) {
            throw UsageError(fmt::format("{}: holds no trace-*.jsonl, nor does a directory in it",
                                         history::printable(root)));
        }
        for (const std::string& directory : found) {
            const checker::LoadedTrace trace = checker::load_traces(directory);
            if (trace.error) {
                throw UsageError(*trace.error);
            }
            for (const std::string& warning : trace.warnings) {
                fmt::print(stderr, "squall: warning: {}\n", warning);
            }
            for (const checker::TraceRecord& record : trace.records) {
                static_cast<void>(checker.add(record));
            }
            records += trace.records.size();
            ++directories;
        }
    }
    std::vector<checker::Check> checks = checker.results();
    fmt::print("{} events of {} nodes\n", records, directories);
    for (const checker::Check& check : checks) {
        fmt::print("  {:<28} {}{}{}\n",
                   check.name,
                   checker::to_string(check.verdict),
                   check.reason.empty() ? "" : ": ",
                   check.reason);
    }
    // What these nodes do not tell, nobody misses, as long as they tell something.
    const auto silent = std::erase_if(checks, [](const checker::Check& check) {
        return check.verdict == checker::Verdict::unknown;
    });
    const bool nothing = records == 0 || (checks.size() <= 2 && silent > 0);
    const bool bad = checker::worst(checks) == checker::Verdict::invalid;
    return exit_code(bad ? RunVerdict::invalid : nothing ? RunVerdict::unknown : RunVerdict::valid);
}

}  // namespace

void add_traces_command(CLI::App& app, Command* chosen) {
    CLI::App* command = app.add_subcommand(
        "traces",
        "Judge the traces of Raft nodes by the paper's invariants (docs/trace-format.md)");
    auto roots = std::make_shared<std::vector<std::string>>();
    command
        ->add_option("directories",
                     *roots,
                     "Of one cluster: with a directory of trace-*.jsonl for each node, such as a "
                     "run's")
        ->required();
    command->callback([chosen, roots] { *chosen = [roots] { return run(*roots); }; });
}

}  // namespace squall::harness::cli
