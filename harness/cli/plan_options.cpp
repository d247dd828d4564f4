#include "harness/cli/plan_options.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <sstream>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "harness/cli/plan_check.hpp"
#include "harness/cli/read_files.hpp"
#include "harness/cli/whole_number.hpp"
#include "harness/failure.hpp"
#include "harness/plan_limits.hpp"
#include "harness/swarm.hpp"
#include "harness/systems/system.hpp"

namespace squall::harness::cli {
namespace {

/// Throws UsageError unless least <= value <= most; not a number is neither.
template <typename Number>
void require_range(const char* flag, Number value, Number least, Number most, const char* unit) {
    if (!(value >= least && value <= most)) {
        throw UsageError(
            fmt::format("{}: {} is not from {} to {}{}", flag, value, least, most, unit));
    }
}

std::vector<std::string> fault_classes_of(const std::string& text,
                                          const systems::System& system,
                                          Tier tier,
                                          std::uint32_t nodes) {
    if (text == "none") {
        return {};
    }
    if (text == "all") {
        return possible_fault_classes(system, tier, nodes);
    }
    std::vector<std::string> chosen;
    std::istringstream in(text);
    for (std::string name; std::getline(in, name, ',');) {
        require_fault_class(PlanSource(), system, tier, nodes, name);
        if (std::find(chosen.begin(), chosen.end(), name) == chosen.end()) {
            chosen.push_back(name);
        }
    }
    if (chosen.empty()) {
        throw UsageError("--faults: names no fault; say none to run without");
    }
    return chosen;
}

void check_ranges(const PlanOptions& options) {
    constexpr std::uint32_t one = 1;
    require_range("--nodes", options.nodes, one, limits::nodes_max, "");
    require_range("--time-limit",
                  options.time_limit_s,
                  1.0,
                  history::to_seconds(limits::duration_max),
                  " seconds");
    require_range("--interval",
                  options.interval_s,
                  history::to_seconds(limits::interval_min),
                  history::to_seconds(limits::interval_max),
                  " seconds");
    require_range("--rate", options.rate, 0.0, limits::rate_max, " (0: as fast as they complete)");
    require_range("--concurrency",
                  read_concurrency(options.concurrency, options.nodes),
                  one,
                  limits::concurrency_max,
                  "");
    require_range("--keys", options.keys, one, limits::keys_max, "");
    require_range("--snapshot-interval",
                  options.snapshot_interval,
                  std::uint64_t{1},
                  limits::snapshot_interval_max,
                  "");
    const double operations = options.rate * options.time_limit_s;
    if (operations > limits::operations_max) {
        throw UsageError(
            fmt::format("--rate: {} a second for --time-limit {} s are {:.0f} operations, more "
                        "than the {:.0f} that memory is for; lower one of them",
                        options.rate,
                        options.time_limit_s,
                        operations,
                        limits::operations_max));
    }
}

void require_tier(const PlanSource& source, Tier tier, const std::string& system) {
    if (tier == Tier::simulation && systems::find_system(system)->over_sockets() == nullptr) {
        source.fail("system",
                    "system",
                    fmt::format("nodes of {} are programs of your own, which cannot be simulated; "
                                "use squall run",
                                system));
    }
}

}  // namespace

void add_plan_options(CLI::App& command, PlanOptions& options, Tier tier) {
    command.add_option("--system", options.system, "System under test (see squall list)")
        ->capture_default_str();
    command.add_option("--nodes,--node-count", options.nodes, "Size of the cluster")
        ->capture_default_str();
    command.add_option("-w,--workload",
                       options.workload,
                       "What clients do (see squall list); default: the system's usual one");
    command
        .add_option(
            "--faults,--nemesis", options.faults, "all, none, or a list such as partition,kill")
        ->capture_default_str();
    command
        .add_option("--interval", options.interval_s, "Mean seconds between two faults of a class")
        ->capture_default_str();
    if (tier == Tier::simulation) {
        options.heal = "drawn";
    }
    command
        .add_option("--heal",
                    options.heal,
                    "Healed at the end: all, or a quorum (the rest stays broken for ever), or one "
                    "of these drawn by seed")
        ->check(CLI::IsMember({"all", "quorum", "drawn"}))
        ->capture_default_str();
    command.add_option("--time-limit", options.time_limit_s, "Seconds of operations and faults")
        ->capture_default_str();
    command
        .add_option(
            "--rate", options.rate, "Operations per second in all; 0: as fast as they complete")
        ->capture_default_str();
    command.add_option("--concurrency", options.concurrency, "Clients; 2n: two for each node")
        ->capture_default_str();
    command.add_option("--keys", options.keys, "Independent keys in use at any moment")
        ->capture_default_str();
    command
        .add_option("--snapshot-interval",
                    options.snapshot_interval,
                    "Entries between two snapshots of a node")
        ->check(whole_number_problem)
        ->capture_default_str();
    command
        .add_option("--seed", options.seed, "Decides operations and faults; default: a fresh one")
        ->check(whole_number_problem);
    command.add_option(
        "--bug", options.bug, "Switch on a documented bug in the nodes (see squall list)");
    options.tier = tier;
    if (tier == Tier::processes) {
        add_program_options(command, options.program);
    }
    const std::vector<CLI::Option*> drawn = command.get_options([](const CLI::Option* option) {
        return !option->check_lname("help") && !option->check_lname("seed") &&
               !option->check_lname("bug");
    });
    CLI::Option* swarm = command.add_flag(
        "--swarm", options.swarm, "Draw everything but the bug from the seed (docs/swarm.md)");
    for (CLI::Option* option : drawn) {
        swarm->excludes(option);
    }
    const std::vector<CLI::Option*> alike = command.get_options([](const CLI::Option* option) {
        return !option->check_lname("help") && !option->check_lname("seed") &&
               !option->check_lname("heal");
    });
    CLI::Option* like = command.add_option("--like",
                                           options.like_file,
                                           "A run like this plan.json, with operations and faults "
                                           "drawn anew from --seed");
    for (CLI::Option* option : alike) {
        like->excludes(option);
    }
    const std::vector<CLI::Option*> decided =
        command.get_options([](const CLI::Option* option) { return !option->check_lname("help"); });
    CLI::Option* plan = command.add_option("--plan",
                                           options.plan_file,
                                           "Run this plan.json or realised.json, which decides "
                                           "all of the above");
    for (CLI::Option* option : decided) {
        plan->excludes(option);
    }
}

namespace {

bool heals_quorum_only(const PlanOptions& options, const Plan& plan) {
    return options.heal == "quorum" || (options.heal == "drawn" && !plan.fault_classes.empty() &&
                                        draw_heal_quorum_only(plan.seed));
}

Plan make_plan_like(const PlanOptions& options, std::uint64_t fallback_seed) {
    Plan plan = read_plan(options.like_file);
    const PlanSource source(options.like_file);
    check_plan(source, plan, options.tier);
    require_tier(source, options.tier, plan.system);
    if (plan.operations || !plan.deleted_operations.empty()) {
        source.fail("like",
                    "operations",
                    "the plan lists its operations, so that no seed can draw others; use --plan");
    }
    if (plan.swarm) {
        source.fail("like", "swarm", "the plan was drawn from its seed; use --swarm");
    }
    plan.seed = options.seed.value_or(fallback_seed);
    leave_out_clocks_out_of_reach(plan);
    plan.heal_quorum_only = heals_quorum_only(options, plan);
    materialise_faults(plan);
    return plan;
}

}  // namespace

Plan make_plan(const PlanOptions& options, std::uint64_t fallback_seed) {
    if (!options.like_file.empty()) {
        return make_plan_like(options, fallback_seed);
    }
    if (!options.plan_file.empty()) {
        Plan plan = read_plan(options.plan_file);
        check_plan(PlanSource(options.plan_file), plan, options.tier);
        require_tier(PlanSource(options.plan_file), options.tier, plan.system);
        return plan;
    }
    if (options.swarm) {
        require_bug(PlanSource(), require_system(PlanSource(), options.system), options.bug);
        Plan plan = swarm_plan(options.seed.value_or(fallback_seed),
                               {.real_time = options.tier == Tier::processes});
        plan.bug = options.bug;
        return plan;
    }
    check_ranges(options);
    const PlanSource flags;
    const systems::System& system = require_system(flags, options.system);
    require_tier(flags, options.tier, options.system);
    require_bug(flags, system, options.bug);
    Plan plan;
    plan.workload =
        options.workload.empty() ? std::string(system.workloads().front()) : options.workload;
    require_workload(flags, system, plan.workload);
    apply_program_options(options.program, system, plan);
    plan.seed = options.seed.value_or(fallback_seed);
    plan.system = options.system;
    plan.nodes = options.nodes;
    plan.concurrency = read_concurrency(options.concurrency, options.nodes);
    plan.rate = options.rate;
    plan.keys = options.keys;
    plan.time_limit = history::from_seconds(options.time_limit_s);
    plan.fault_interval = history::from_seconds(options.interval_s);
    plan.snapshot_interval = options.snapshot_interval;
    plan.bug = options.bug;
    plan.fault_classes = fault_classes_of(options.faults, system, options.tier, options.nodes);
    if (options.faults == "all") {
        leave_out_clocks_out_of_reach(plan);
    }
    plan.heal_quorum_only = heals_quorum_only(options, plan);
    materialise_faults(plan);
    return plan;
}

std::uint64_t fresh_seed() {
    // Short enough to be typed again.
    return std::random_device{}();
}

}  // namespace squall::harness::cli
