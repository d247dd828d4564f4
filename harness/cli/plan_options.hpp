// The flags that `run` and `sim` share, and how they become a plan.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/cli/plan_check.hpp"
#include "harness/cli/program_options.hpp"
#include "harness/plan.hpp"

namespace CLI {
class App;
}

namespace squall::harness::cli {

/// Flag values as typed; `make_plan` checks what they mean.
struct PlanOptions {
    std::string system = "raft-node";
    std::uint32_t nodes = 5;
    std::string workload;  ///< Empty: the system's usual one.
    std::string faults = "all";
    double interval_s = 3;
    std::string heal = "all";  ///< all, quorum, drawn.
    double time_limit_s = 30;
    double rate = 500;
    std::string concurrency = "10";  ///< Or "2n".
    std::uint32_t keys = 10;
    std::uint64_t snapshot_interval = 200;
    std::optional<std::uint64_t> seed;
    std::string bug;
    bool swarm = false;
    ProgramOptions program;
    Tier tier = Tier::processes;
    std::string plan_file;  ///< Not empty: the plan itself; all else is ignored.
    std::string like_file;  ///< Not empty: a plan that gives all but seed, faults and healing.
};

void add_plan_options(CLI::App& command, PlanOptions& options, Tier tier);

/// Throws UsageError naming the flag and what it may be. Without a seed flag `fallback_seed` is
/// used.
[[nodiscard]] Plan make_plan(const PlanOptions& options, std::uint64_t fallback_seed);

/// From the operating system; printed with every run.
[[nodiscard]] std::uint64_t fresh_seed();

}  // namespace squall::harness::cli
