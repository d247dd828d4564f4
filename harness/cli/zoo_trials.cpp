#include "harness/cli/zoo_trials.hpp"

#include <boost/filesystem.hpp>
#include <fmt/format.h>

#include "harness/failure.hpp"
#include "harness/judge.hpp"
#include "harness/process/run_processes.hpp"
#include "harness/sim/simulate.hpp"
#include "harness/swarm.hpp"

namespace squall::harness::cli {
namespace {

namespace fs = boost::filesystem;

/// Simulated runs are short; a search that takes longer would hold up thousands of others.
constexpr checker::Budget budget{.steps = 5'000'000, .bytes = std::uint64_t{256} << 20U};

std::vector<Finding> findings(const RunRecord& record) {
    const history::Pairing pairing = history::pair(record.events);
    const Evidence evidence{record, pairing.operations, budget};
    std::vector<Finding> found;
    for (const Detector& detector : detectors()) {
        for (const checker::Check& check : detector.run(evidence)) {
            if (check.verdict == checker::Verdict::invalid) {
                found.push_back({std::string(detector.name), check.name, check.reason});
                break;
            }
        }
    }
    return found;
}

}  // namespace

std::vector<Finding> simulated_trial(const std::string& bug,
                                     std::uint64_t seed,
                                     bool assertions_off) {
    Plan plan = swarm_plan(seed);
    plan.bug = bug;
    const sim::Simulation run = sim::simulate(plan, {.assertions_off = assertions_off});
    if (!run.record.void_reason.empty()) {
        throw Failure(fmt::format("bug '{}', seed {}: {}", bug, seed, run.record.void_reason));
    }
    return findings(run.record);
}

std::vector<Finding> process_trial(const std::string& bug, std::uint64_t seed) {
    Plan plan = swarm_plan(seed, {.real_time = true});
    plan.bug = bug;
    const fs::path directory =
        fs::temp_directory_path() / fs::unique_path("squall-zoo-%%%%-%%%%-%%%%");
    fs::create_directories(directory);
    const fs::path node = fs::read_symlink("/proc/self/exe").parent_path() / "raft-node";
    const RunRecord record = process::run_processes(
        plan, {.run_directory = directory.string(), .node_binary = node.string()});
    fs::remove_all(directory);
    if (!record.void_reason.empty()) {
        throw Failure(fmt::format("bug '{}', seed {}: {}", bug, seed, record.void_reason));
    }
    return findings(record);
}

}  // namespace squall::harness::cli
