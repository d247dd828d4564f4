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

/// Of a void run what stays wrong all the same, as in any other.
std::vector<Finding> findings(const RunRecord& record) {
    const history::Pairing pairing = history::pair(record.events);
    const Evidence evidence{record, pairing.operations, budget};
    std::vector<Finding> found;
    for (const Detector& detector : detectors()) {
        if (!record.void_reason.empty() && detector.needs_complete_run) {
            continue;
        }
        for (const checker::Check& check : detector.run(evidence)) {
            if (check.verdict == checker::Verdict::invalid) {
                found.push_back({std::string(detector.name), check.name, check.reason});
                break;
            }
        }
    }
    return found;
}

/// Exists as long as this.
class TemporaryDirectory {
  public:
    TemporaryDirectory()
        : path_(fs::temp_directory_path() / fs::unique_path("squall-zoo-%%%%-%%%%-%%%%")) {
        fs::create_directories(path_);
    }

    ~TemporaryDirectory() {
        boost::system::error_code ignored;
        fs::remove_all(path_, ignored);
    }

    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    [[nodiscard]] std::string path() const { return path_.string(); }

  private:
    fs::path path_;
};

}  // namespace

Trial simulated_trial(const std::string& bug, std::uint64_t seed, bool assertions_off) {
    Trial trial;
    trial.plan = swarm_plan(seed);
    trial.plan.bug = bug;
    trial.record = sim::simulate(trial.plan, {.assertions_off = assertions_off}).record;
    if (!trial.record.void_reason.empty()) {
        throw Failure(fmt::format("bug '{}', seed {}: {}", bug, seed, trial.record.void_reason));
    }
    trial.findings = findings(trial.record);
    return trial;
}

RunRecord run_on_real_processes(const Plan& plan, const std::atomic<int>& stop_requests) {
    const TemporaryDirectory directory;
    const fs::path node = fs::read_symlink("/proc/self/exe").parent_path() / "raft-node";
    return process::run_processes(plan,
                                  {.run_directory = directory.path(),
                                   .node_binary = node.string(),
                                   .stop_requests = &stop_requests});
}

Trial process_trial(const std::string& bug,
                    std::uint64_t seed,
                    const std::atomic<int>& stop_requests) {
    Trial trial;
    trial.plan = swarm_plan(seed, {.real_time = true});
    trial.plan.bug = bug;
    trial.record = run_on_real_processes(trial.plan, stop_requests);
    trial.void_reason = trial.record.void_reason;
    trial.findings = findings(trial.record);
    return trial;
}

}  // namespace squall::harness::cli
