#include "harness/cli/zoo_shrink.hpp"

#include "harness/cli/stopwatch.hpp"
#include "harness/cli/zoo_trials.hpp"
#include "harness/judge.hpp"
#include "harness/shrink/session.hpp"
#include "harness/shrink/size.hpp"
#include "harness/sim/simulate.hpp"

namespace squall::harness::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t plans_max = 4000;
/// Of the shrunk plan, as it would be read from its file.
constexpr std::uint64_t confirmations = 3;

Results judged(const RunRecord& record, const char* command) {
    return judge(record, {.version = {}, .command = command});
}

bool plan_fails(const Plan& plan, const std::string& check) {
    return shrink::fails(judged(sim::simulate(plan).record, "sim"), check);
}

shrink::ObservedRun observed(const RunRecord& record, const std::string& check) {
    return {record.plan,
            shrink::operations_of(record.events, record.plan),
            record.realised.faults,
            shrink::violation_time(judged(record, "sim"), check, record.events)};
}

/// All but how often the result fails.
ShrunkRun sizes_of(const shrink::ObservedRun& run, const shrink::Shrunk& shrunk) {
    const shrink::Size before = shrink::size_of(run.plan, run.operations.size());
    const shrink::Size after = shrink::size_of(shrunk.plan, run.operations.size());
    return {.faults_before = before.faults,
            .operations_before = before.operations,
            .faults = after.faults,
            .operations = after.operations,
            .nodes = after.nodes,
            .simulated_seconds = std::chrono::duration<double>(after.length).count(),
            .plans = shrunk.attempts,
            .complete = shrunk.complete && shrunk.attempts < plans_max};
}

}  // namespace

ShrunkTrial shrink_trial(const RunRecord& record, const std::string& check) {
    const Clock::time_point begun = Clock::now();
    const shrink::ObservedRun run = observed(record, check);
    shrink::SessionOptions options = shrink::exact();
    options.shrinker.attempts_max = plans_max;
    options.run = [&](const Plan& smaller) { return plan_fails(smaller, check); };
    const shrink::Shrunk shrunk = shrink::shrink(run, options);

    ShrunkRun sizes = sizes_of(run, shrunk);
    const Plan again = plan_from_json(to_json(shrunk.plan), "plan.json");
    for (; sizes.again < confirmations; ++sizes.again) {
        sizes.failed_again += plan_fails(again, check) ? 1U : 0U;
    }
    sizes.seconds = seconds_since(begun);
    return {sizes, shrunk.plan};
}

std::optional<ShrunkTrial> shrink_on_processes(const RunRecord& record,
                                               const std::string& check,
                                               std::chrono::duration<double> budget,
                                               const std::atomic<int>& stop_requests) {
    const Clock::time_point begun = Clock::now();
    const shrink::ObservedRun run = observed(record, check);
    shrink::SessionOptions options;
    options.shrinker.attempts_max = plans_max;
    options.confirm_runs = confirmations;
    options.out_of_time = [&] { return seconds_since(begun) >= budget.count(); };
    options.stop = [&] { return stop_requests > 0; };
    options.run = [&](const Plan& smaller) {
        return shrink::fails(judged(run_on_real_processes(smaller, stop_requests), "run"), check);
    };
    const shrink::Shrunk shrunk = shrink::shrink(run, options);
    if (shrunk.base.failed == 0) {
        return std::nullopt;
    }
    ShrunkRun sizes = sizes_of(run, shrunk);
    sizes.again = shrunk.confirmed.runs;
    sizes.failed_again = shrunk.confirmed.failed;
    sizes.seconds = seconds_since(begun);
    return ShrunkTrial{sizes, shrunk.plan};
}

}  // namespace squall::harness::cli
