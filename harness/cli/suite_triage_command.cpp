#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "harness/cli/commands.hpp"
#include "harness/cli/suite_failure.hpp"

namespace squall::harness::cli {
namespace {

struct TriageOptions {
    std::vector<std::string> directories;
    bool each = false;
};

int run(const TriageOptions& options) {
    std::map<std::string, std::vector<std::string>> groups;
    for (const std::string& directory : options.directories) {
        const std::string signature = failure_of(directory).signature;
        if (options.each) {
            fmt::print("{}\t{}\n", signature, directory);
        }
        groups[signature].push_back(directory);
    }
    if (options.each) {
        return 0;
    }
    std::vector<std::pair<std::string, std::vector<std::string>>> sorted(groups.begin(),
                                                                         groups.end());
    std::ranges::stable_sort(
        sorted, [](const auto& a, const auto& b) { return a.second.size() > b.second.size(); });
    for (const auto& [signature, directories] : sorted) {
        fmt::print(
            "{:>5} x  {}\n         {}\n", directories.size(), signature, directories.front());
    }
    return 0;
}

}  // namespace

void add_triage_command(CLI::App& app, Command* chosen) {
    CLI::App* command = app.add_subcommand("triage", "Which of these failing runs are the same?");
    auto options = std::make_shared<TriageOptions>();
    command->add_option("directories", options->directories, "Directories of failing runs")
        ->required();
    command->add_flag("--each", options->each, "A line for each run: signature, tab, directory");
    command->callback([chosen, options] { *chosen = [options] { return run(*options); }; });
}

}  // namespace squall::harness::cli
