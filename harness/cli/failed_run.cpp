#include "harness/cli/failed_run.hpp"

#include <filesystem>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/plan_check.hpp"
#include "harness/cli/read_files.hpp"
#include "harness/failure.hpp"
#include "history/text_input.hpp"

namespace squall::harness::cli {
namespace {

std::string require_file(const std::string& directory,
                         const std::string& name,
                         const std::string& otherwise) {
    std::error_code ignored;
    if (!std::filesystem::exists(directory + "/" + name, ignored)) {
        throw UsageError(fmt::format("{}: holds no {}; {}", directory, name, otherwise));
    }
    return directory + "/" + name;
}

}  // namespace

std::optional<FailedRun> failed_run(const std::string& directory,
                                    const Results& results,
                                    const Plan& realised,
                                    const std::vector<history::Event>& events,
                                    const std::string& check) {
    FailedRun run;
    run.directory = directory;
    run.command = results.command;
    run.check = check.empty() ? shrink::failing_check(results) : check;
    if (run.check.empty()) {
        return std::nullopt;
    }
    if (!shrink::fails(results, run.check)) {
        std::vector<std::string> failed;
        for (const checker::Check& each : results.checks) {
            if (each.verdict == checker::Verdict::invalid) {
                failed.push_back(each.name);
            }
        }
        throw UsageError(
            fmt::format("--check: {} did not fail in this run; what did: {}",
                        history::printable(check),
                        failed.empty() ? "nothing" : fmt::format("{}", fmt::join(failed, ", "))));
    }
    run.observed.plan = results.plan;
    run.observed.operations = shrink::operations_of(events, results.plan);
    run.observed.faults = realised.faults;
    run.observed.violation = shrink::violation_time(results, run.check, events);
    return run;
}

std::optional<FailedRun> read_failed_run(const std::string& directory, const std::string& check) {
    const std::string plan_path =
        require_file(directory, "plan.json", "name the directory of a run, such as runs/latest");
    const Plan plan = read_plan(plan_path);
    const std::string results_path = require_file(
        directory, "results.json", "the run did not come to its end, so that nothing failed in it");
    const Results results = read_results(results_path, plan);
    check_plan(
        PlanSource(plan_path), plan, results.command == "sim" ? Tier::simulation : Tier::processes);
    const Plan realised = read_plan(
        require_file(directory, "realised.json", "it is needed to know what was injected"));
    const std::vector<history::Event> events =
        read_history(require_file(directory, "history.jsonl", "there is nothing to shrink"));
    return failed_run(directory, results, realised, events, check);
}

}  // namespace squall::harness::cli
