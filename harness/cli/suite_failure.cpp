#include "harness/cli/suite_failure.hpp"

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/cli/read_files.hpp"
#include "harness/cli/run_directory.hpp"
#include "harness/results.hpp"
#include "harness/triage/evidence.hpp"

namespace squall::harness::cli {
namespace {

struct ReadRun {
    Results results;
    std::vector<history::Event> events;
};

ReadRun read_run(const std::string& directory) {
    ReadRun run;
    run.results = read_results(directory + "/results.json", read_plan(directory + "/plan.json"));
    run.events = read_history(directory + "/history.jsonl");
    return run;
}

}  // namespace

store::NewFailure failure_of(const std::string& directory) {
    const std::string told_by = is_shrunk(directory) ? directory + "/shrunk" : directory;
    const ReadRun run = read_run(told_by);
    const NodeTraces traces = load_node_traces(told_by, run.results.plan.nodes);
    triage::Evidence evidence =
        triage::evidence_of(run.results, run.events, traces.records, traces.messages);
    if (told_by != directory && !traces.messages.empty()) {
        const ReadRun whole = read_run(directory);
        const NodeTraces said = load_node_traces(directory, whole.results.plan.nodes);
        evidence = triage::with_whole_run(
            std::move(evidence),
            triage::evidence_of(whole.results, whole.events, said.records, said.messages));
    }
    store::NewFailure failure;
    failure.signature = triage::signature(evidence);
    failure.check = evidence.property;
    failure.reason = run.results.reasons.empty() ? "" : run.results.reasons.front();
    failure.evidence = triage::to_json(evidence);
    failure.faults = triage::words_of_faults(evidence);
    failure.command =
        fmt::format("scripts/squall {} --plan {}/plan.json", run.results.command, told_by);
    constexpr double simulated_seconds_per_second = 500;
    failure.cost_s = run.results.command == "sim"
                         ? history::to_seconds(run.results.elapsed) / simulated_seconds_per_second
                         : history::to_seconds(run.results.elapsed);
    failure.seed = run.results.plan.seed;
    return failure;
}

bool is_shrunk(const std::string& directory) {
    std::error_code ignored;
    return std::filesystem::exists(directory + "/shrunk/results.json", ignored);
}

void say_not_shrunk(store::NewFailure& failure, const std::string& why) {
    const std::string faults = failure.faults.substr(0, failure.faults.find(" ("));
    failure.faults = fmt::format("{} (of a run that is not shrunk: {})", faults, why);
}

}  // namespace squall::harness::cli
