#include "harness/cli/program_options.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "harness/failure.hpp"
#include "harness/maelstrom/leader_pattern.hpp"
#include "harness/process/clock_support.hpp"

namespace squall::harness::cli {

namespace {

void require(bool holds, const std::string& message) {
    if (!holds) {
        throw UsageError(message);
    }
}

/// As the shell that the user typed it in would find it from here; a plan is run from elsewhere.
std::string absolute_path(const std::string& program) {
    std::error_code error;
    const std::filesystem::path absolute = std::filesystem::absolute(program, error);
    return error ? program : absolute.lexically_normal().string();
}

/// The hint that all timings of faults go by. Nodes of the user's own have timings of their own.
NodeTiming timing_for(Duration election_timeout) {
    NodeTiming timing;
    timing.election_max = election_timeout;
    timing.election_min = election_timeout / 2;
    timing.heartbeat = election_timeout / 12;
    return timing;
}

}  // namespace

void add_program_options(CLI::App& command, ProgramOptions& options) {
    const char* group = "Your own program (--system maelstrom; docs/your-raft.md)";
    command.add_option("--bin", options.program, "The program of a node")->group(group);
    command.add_option("arguments", options.arguments, "After --: its arguments")->group(group);
    command
        .add_option(
            "--latency", options.latency_ms, "Milliseconds that messages between nodes take")
        ->group(group);
    command
        .add_option("--election-timeout",
                    options.election_timeout_s,
                    "Its upper election timeout in seconds, by which faults are timed; default 1")
        ->group(group);
    command
        .add_option("--leader-pattern",
                    options.leader_pattern,
                    "What it logs when it becomes leader, with a group for the term: "
                    "'became leader.*term (\\d+)'")
        ->group(group);
}

void apply_program_options(const ProgramOptions& options,
                           const systems::System& system,
                           Plan& plan) {
    if (system.over_sockets() != nullptr) {
        const bool none = options.program.empty() && options.arguments.empty() &&
                          options.latency_ms == 0 && options.election_timeout_s == 0 &&
                          options.leader_pattern.empty();
        require(none,
                fmt::format("--bin, --latency, --election-timeout, --leader-pattern and arguments "
                            "after -- are for --system maelstrom, not for {}",
                            system.name()));
        return;
    }
    require(!options.program.empty(), "--bin: name the program of a node");
    require(options.latency_ms >= 0 && options.latency_ms <= 10'000,
            fmt::format("--latency: {} is not from 0 to 10000 milliseconds", options.latency_ms));
    constexpr double shortest = 0.05;
    constexpr double longest = 60;
    const double timeout = options.election_timeout_s == 0 ? 1 : options.election_timeout_s;
    require(timeout >= shortest && timeout <= longest,
            fmt::format(
                "--election-timeout: {} is not from {} to {} seconds", timeout, shortest, longest));
    if (!options.leader_pattern.empty()) {
        try {
            static_cast<void>(maelstrom::LeaderPattern(options.leader_pattern));
        } catch (const Failure& failure) {
            throw UsageError(failure.what());
        }
    }
    plan.program = {absolute_path(options.program)};
    plan.program.insert(plan.program.end(), options.arguments.begin(), options.arguments.end());
    plan.latency = history::from_seconds(options.latency_ms / 1000);
    plan.timing = timing_for(history::from_seconds(timeout));
    plan.leader_pattern = options.leader_pattern;
}

void leave_out_clocks_out_of_reach(Plan& plan) {
    const auto clock = std::find(plan.fault_classes.begin(), plan.fault_classes.end(), "clock");
    if (plan.program.empty() || clock == plan.fault_classes.end()) {
        return;
    }
    const auto problem =
        process::clock_problem(plan.program.front(), process::default_clock_shim());
    if (problem) {
        fmt::print(stderr, "squall: without clock faults: {}\n", *problem);
        plan.fault_classes.erase(clock);
    }
}

std::uint32_t read_concurrency(const std::string& text, std::uint32_t nodes) {
    const bool per_node = !text.empty() && text.back() == 'n';
    const char* end = text.data() + text.size() - (per_node ? 1 : 0);
    std::uint32_t number = 0;
    const auto parsed = std::from_chars(text.data(), end, number);
    require(parsed.ec == std::errc() && parsed.ptr == end && number <= 1'000'000,
            fmt::format("--concurrency: '{}' is neither a number nor one of n, as in 2n", text));
    return per_node ? number * nodes : number;
}

}  // namespace squall::harness::cli
