// The flags of `squall compare`, as typed and as checked.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace squall::harness::cli {

struct CompareOptions {
    std::string base;   ///< A revision.
    std::string patch;  ///< A revision or a file.
    std::string base_command;
    std::string patch_command;
    std::string system = "raft-node";
    std::string budget = "10m";
    std::string shrink_budget = "1m";
    std::string tier = "both";
    std::string plan_file;
    std::string out;
    double alpha = 0.01;
    unsigned jobs = 2;
    std::optional<std::uint64_t> seed;

    [[nodiscard]] bool commands() const { return !base_command.empty(); }

    [[nodiscard]] bool simulates() const { return tier != "process" && !commands(); }

    [[nodiscard]] bool runs_processes() const { return tier != "sim"; }
};

void add_compare_options(CLI::App& command, CompareOptions& options);

/// Throws UsageError on flags that contradict one another.
void check_compare_options(const CompareOptions& options);

/// For the line that repeats the comparison.
[[nodiscard]] std::string compare_command_line(const CompareOptions& options, std::uint64_t seed);

/// A command line as a shell splits it: words, quotes, backslashes; nothing else means anything.
/// Throws UsageError naming the flag when a quote is open or there is no word.
[[nodiscard]] std::vector<std::string> split_command(const std::string& flag,
                                                     const std::string& text);

}  // namespace squall::harness::cli
