#include "harness/cli/zoo_shrink.hpp"

#include <chrono>

#include "harness/judge.hpp"
#include "harness/shrink/session.hpp"
#include "harness/shrink/size.hpp"
#include "harness/sim/simulate.hpp"

namespace squall::harness::cli {
namespace {

constexpr std::uint64_t plans_max = 4000;
/// Of the shrunk plan, as it would be read from its file.
constexpr std::uint64_t confirmations = 3;

Results judged(const RunRecord& record) {
    return judge(record, {.version = {}, .command = "sim"});
}

bool plan_fails(const Plan& plan, const std::string& check) {
    return shrink::fails(judged(sim::simulate(plan).record), check);
}

}  // namespace

ShrunkTrial shrink_trial(const Plan& plan, const std::string& check) {
    const auto begun = std::chrono::steady_clock::now();
    const RunRecord record = sim::simulate(plan).record;
    const shrink::ObservedRun run{plan,
                                  shrink::operations_of(record.events, plan),
                                  record.realised.faults,
                                  shrink::violation_time(judged(record), check, record.events)};
    shrink::SessionOptions options = shrink::exact();
    options.shrinker.attempts_max = plans_max;
    options.run = [&](const Plan& smaller) { return plan_fails(smaller, check); };
    const shrink::Shrunk shrunk = shrink::shrink(run, options);

    const shrink::Size before = shrink::size_of(plan, run.operations.size());
    const shrink::Size after = shrink::size_of(shrunk.plan, run.operations.size());
    ShrunkRun sizes{
        .faults_before = before.faults,
        .operations_before = before.operations,
        .faults = after.faults,
        .operations = after.operations,
        .nodes = after.nodes,
        .simulated_seconds = std::chrono::duration<double>(after.length).count(),
        .plans = shrunk.attempts,
        .complete = shrunk.complete && shrunk.attempts < plans_max,
    };
    const Plan again = plan_from_json(to_json(shrunk.plan), "plan.json");
    for (; sizes.again < confirmations; ++sizes.again) {
        sizes.failed_again += plan_fails(again, check) ? 1U : 0U;
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    sizes.seconds = took.count();
    return {sizes, shrunk.plan};
}

}  // namespace squall::harness::cli
