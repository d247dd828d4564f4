#include "harness/cli/plan_options.hpp"

#include <algorithm>
#include <fstream>
#include <random>
#include <sstream>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/failure.hpp"
#include "harness/systems/system.hpp"
#include "nemesis/fault_class.hpp"
#include "workloads/workload.hpp"

namespace squall::harness::cli {
namespace {

template <typename Range>
std::string names_of(const Range& entries) {
    std::vector<std::string> names;
    for (const auto* entry : entries) {
        names.emplace_back(entry->name());
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

Duration from_seconds(double value) {
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(value));
}

void require(bool holds, const std::string& message) {
    if (!holds) {
        throw UsageError(message);
    }
}

/// Why a class cannot be injected here; empty when it can.
std::string obstacle(const nemesis::FaultClass& fault,
                     const systems::System& system,
                     std::uint32_t nodes) {
    const bool links = fault.needs() == "links";
    if (links && nodes < 2) {
        return "one node has no links";
    }
    const Capabilities able = system.capabilities();
    const bool clocks = fault.needs() == "clocks" && able.clocks;
    const bool processes = fault.needs() == "processes" && able.processes;
    return (links && able.links) || clocks || processes
               ? ""
               : fmt::format("the system {} does not offer {}", system.name(), fault.needs());
}

std::vector<std::string> fault_classes_of(const std::string& text,
                                          const systems::System& system,
                                          std::uint32_t nodes) {
    std::vector<std::string> chosen;
    if (text == "none") {
        return chosen;
    }
    if (text == "all") {
        for (const nemesis::FaultClass* entry : nemesis::fault_classes()) {
            if (obstacle(*entry, system, nodes).empty()) {
                chosen.emplace_back(entry->name());
            }
        }
        return chosen;
    }
    std::istringstream in(text);
    for (std::string name; std::getline(in, name, ',');) {
        const nemesis::FaultClass* entry = nemesis::find_fault_class(name);
        require(entry != nullptr,
                fmt::format("--faults: there is no fault \"{}\"; choose from all, none, {}",
                            name,
                            names_of(nemesis::fault_classes())));
        const std::string why = obstacle(*entry, system, nodes);
        require(why.empty(), fmt::format("--faults: {} is not possible: {}", name, why));
        if (std::find(chosen.begin(), chosen.end(), name) == chosen.end()) {
            chosen.push_back(name);
        }
    }
    require(!chosen.empty(), "--faults: names no fault; say none to run without");
    return chosen;
}

Plan read_plan(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    require(in.good(), "--plan: cannot read " + file);
    std::ostringstream text;
    text << in.rdbuf();
    return plan_from_json(text.str(), file);
}

void check_ranges(const PlanOptions& options) {
    require(options.nodes >= 1 && options.nodes <= 9, "--nodes: from 1 to 9");
    require(options.time_limit_s >= 1 && options.time_limit_s <= 86400,
            "--time-limit: from 1 to 86400 seconds");
    require(options.interval_s >= 0.1 && options.interval_s <= 3600,
            "--interval: from 0.1 to 3600 seconds");
    require(options.rate >= 0 && options.rate <= 1e6,
            "--rate: from 0 (as fast as they complete) to 1000000");
    require(options.concurrency >= 1 && options.concurrency <= 1000,
            "--concurrency: from 1 to 1000");
    require(options.keys >= 1 && options.keys <= 100000, "--keys: from 1 to 100000");
    require(options.snapshot_interval >= 1, "--snapshot-interval: at least 1");
}

}  // namespace

void add_plan_options(CLI::App& command, PlanOptions& options) {
    command.add_option("--system", options.system, "System under test (see squall list)")
        ->capture_default_str();
    command.add_option("--nodes", options.nodes, "Size of the cluster")->capture_default_str();
    command.add_option("--workload", options.workload, "What clients do (see squall list)")
        ->capture_default_str();
    command.add_option("--faults", options.faults, "all, none, or a list such as partition,kill")
        ->capture_default_str();
    command
        .add_option("--interval", options.interval_s, "Mean seconds between two faults of a class")
        ->capture_default_str();
    command.add_option("--time-limit", options.time_limit_s, "Seconds of operations and faults")
        ->capture_default_str();
    command
        .add_option(
            "--rate", options.rate, "Operations per second in all; 0: as fast as they complete")
        ->capture_default_str();
    command.add_option("--concurrency", options.concurrency, "Clients")->capture_default_str();
    command.add_option("--keys", options.keys, "Independent keys in use at any moment")
        ->capture_default_str();
    command
        .add_option("--snapshot-interval",
                    options.snapshot_interval,
                    "Entries between two snapshots of a node")
        ->capture_default_str();
    command.add_option(
        "--seed", options.seed, "Decides operations and faults; default: a fresh one");
    command.add_option("--plan",
                       options.plan_file,
                       "Run this plan.json or realised.json; the other flags of the plan are "
                       "then without effect");
    command.add_option(
        "--bug", options.bug, "Switch on a documented bug in the nodes (see squall list)");
}

Plan make_plan(const PlanOptions& options, std::uint64_t fallback_seed) {
    if (!options.plan_file.empty()) {
        return read_plan(options.plan_file);
    }
    check_ranges(options);
    const systems::System* system = systems::find_system(options.system);
    require(system != nullptr,
            fmt::format("--system: there is no system \"{}\"; choose from {}",
                        options.system,
                        names_of(systems::systems())));
    require(workloads::find_workload(options.workload) != nullptr,
            fmt::format("--workload: there is no workload \"{}\"; choose from {}",
                        options.workload,
                        names_of(workloads::workloads())));
    if (!options.bug.empty()) {
        std::vector<std::string> slugs;
        for (const systems::Bug& bug : system->bugs()) {
            slugs.emplace_back(bug.slug);
        }
        require(std::find(slugs.begin(), slugs.end(), options.bug) != slugs.end(),
                fmt::format("--bug: {} has no bug \"{}\"; choose from {}",
                            options.system,
                            options.bug,
                            fmt::join(slugs, ", ")));
    }
    Plan plan;
    plan.seed = options.seed.value_or(fallback_seed);
    plan.system = options.system;
    plan.workload = options.workload;
    plan.nodes = options.nodes;
    plan.concurrency = options.concurrency;
    plan.rate = options.rate;
    plan.keys = options.keys;
    plan.time_limit = from_seconds(options.time_limit_s);
    plan.fault_interval = from_seconds(options.interval_s);
    plan.snapshot_interval = options.snapshot_interval;
    plan.bug = options.bug;
    plan.fault_classes = fault_classes_of(options.faults, *system, options.nodes);
    materialise_faults(plan);
    return plan;
}

std::uint64_t fresh_seed() {
    // Short enough to be typed again.
    return std::random_device{}();
}

}  // namespace squall::harness::cli
