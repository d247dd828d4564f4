#include "harness/cli/compare_judged.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "harness/cli/simulated_run.hpp"
#include "harness/cli/version.hpp"
#include "harness/compare/pair_outcome.hpp"
#include "harness/failure.hpp"
#include "harness/judge.hpp"

namespace squall::harness::cli {
namespace {

/// Simulated runs are short; a search that takes longer would hold up thousands of others.
constexpr checker::Budget budget{.steps = 5'000'000, .bytes = std::uint64_t{256} << 20U};

}  // namespace

std::string recording_of(CompareRunner& runner, const SimulatedHead& head) {
    return head.died.empty() ? runner.recording() : "";
}

JudgedRun judge_simulated(const std::string& recording,
                          const SimulatedHead& head,
                          const Plan& plan) {
    JudgedRun judged;
    if (!head.died.empty()) {
        judged.run.record.plan = plan;
        judged.run.record.realised = plan;
        checker::Check check;
        check.name = head.hung ? compare::never_ended : "no-crash";
        check.detector = "crash";
        check.verdict = checker::Verdict::invalid;
        check.reason = "the simulator of this build itself came to grief on the plan: " + head.died;
        judged.results.plan = plan;
        judged.results.command = "sim";
        judged.results.version = version();
        judged.results.verdict = RunVerdict::invalid;
        judged.results.reasons = {check.name + ": " + check.reason};
        judged.results.checks = {std::move(check)};
        return judged;
    }
    judged.run = compare::decode(recording, plan);
    judged.results =
        judge(judged.run.record, {.budget = budget, .version = version(), .command = "sim"});
    const compare::SimulatorFacts facts{
        judged.run.traffic.messages, judged.run.traffic.payload_bytes, head.processor_time};
    judged.measured = compare::measure(judged.run.record, judged.run.traces, &facts);
    return judged;
}

JudgedRun simulate_on(CompareRunner& runner, const Plan& plan) {
    runner.start(plan);
    const SimulatedHead head = runner.await();
    return judge_simulated(recording_of(runner, head), head, plan);
}

void write_judged(const std::string& directory, JudgedRun&& judged) {
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (error) {
        throw Failure("cannot make " + directory + ": " + error.message());
    }
    SimulatedRun run;
    run.simulation.record = std::move(judged.run.record);
    run.simulation.traces = std::move(judged.run.traces);
    run.results = std::move(judged.results);
    write_simulated_run(directory, run);
}

const checker::Check* find_check(const Results& results, const std::string& name) {
    const auto found = std::ranges::find(results.checks, name, &checker::Check::name);
    return found == results.checks.end() ? nullptr : &*found;
}

}  // namespace squall::harness::cli
