#include "harness/cli/simulated_run.hpp"

#include "harness/cli/run_directory.hpp"
#include "harness/cli/version.hpp"
#include "harness/judge.hpp"
#include "harness/sim/trace_files.hpp"
#include "history/jsonl.hpp"

namespace squall::harness::cli {

SimulatedRun simulate_with_traces(const Plan& plan) {
    SimulatedRun run{.simulation = sim::simulate(plan, {.keep_traces = true}), .results = {}};
    run.results = judge(run.simulation.record, {.version = version(), .command = "sim"});
    return run;
}

void write_simulated_run(const std::string& directory, const SimulatedRun& run) {
    const RunRecord& record = run.simulation.record;
    write_file(directory + "/plan.json", to_json(record.plan));
    write_file(directory + "/realised.json", to_json(record.realised));
    std::string lines = history::header_line() + "\n";
    for (const history::Event& event : record.events) {
        lines += history::to_line(event) + "\n";
    }
    write_file(directory + "/history.jsonl", lines);
    sim::write_trace_files(directory, run.simulation.traces);
    std::string messages;
    for (const NodeMessage& message : run.simulation.messages) {
        messages += to_line(message);
    }
    write_file(directory + "/messages.jsonl", messages);
    write_reports(directory,
                  run.results,
                  record.events,
                  {.records = run.simulation.traces,
                   .logs = {},
                   .messages = run.simulation.messages,
                   .problem = "",
                   .unreadable = {}});
}

}  // namespace squall::harness::cli
