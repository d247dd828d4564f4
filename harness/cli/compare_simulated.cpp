#include "harness/cli/compare_simulated.hpp"

#include <optional>
#include <utility>

#include "harness/cli/compare_tool.hpp"
#include "harness/compare/profiles.hpp"

namespace squall::harness::cli {
namespace {

/// Plans around a failing one that both sides are given.
constexpr std::uint64_t neighbours = 20;

}  // namespace

SimulatedPairs::SimulatedPairs(CompareSession& session,
                               std::string base,
                               std::string patch,
                               unsigned lanes)
    : session_(session),
      simulators_{.base = std::move(base),
                  .patch = std::move(patch),
                  .base_log = session.directory + "/base-runner.log",
                  .patch_log = session.directory + "/patch-runner.log"},
      lanes_(lanes) {}

void SimulatedPairs::go(CompareSession::Clock::time_point until,
                        ComparePhase phase,
                        const std::function<compare::Mix(std::uint64_t number)>& mix_of) {
    const auto show = [&] { session_.show_progress(to_string(phase)); };
    const auto pair = [&](std::uint64_t number) {
        const compare::Mix mix = mix_of(number);
        compare::PairOutcome outcome{.profile = mix.name, .seed = session_.seed_of(phase, number)};
        Plan plan = compare::plan_of(*mix.profile, outcome.seed, false, mix.narrowing);
        return std::pair(std::move(outcome), std::move(plan));
    };
    CompareLanes lanes(
        simulators_, {.lanes = lanes_, .until = until, .pair = pair}, session_.stop_requests);
    try {
        while (!session_.found.decider.settled()) {
            std::optional<JudgedPair> done = lanes.next(show);
            if (!done) {
                break;
            }
            take(std::move(*done));
            show();
        }
    } catch (const Interrupted&) {
        session_.found.interrupted = true;
    }
}

void SimulatedPairs::go_once(const Plan& plan) {
    CompareRunner base(simulators_.base, simulators_.base_log, session_.stop_requests);
    CompareRunner patch(simulators_.patch, simulators_.patch_log, session_.stop_requests);
    take(simulate_pair(base, patch, {.profile = "as given", .seed = plan.seed}, plan));
}

void SimulatedPairs::take(JudgedPair&& pair) {
    session_.add_metrics(compare::PairTier::simulator, pair.base.measured, pair.patch_measured);
    compare::Decider& decider = session_.found.decider;
    decider.add(pair.outcome);
    if (const auto check = decider.suspicious(pair.outcome)) {
        look_into(*check, pair.plan);
    }
    keep(std::move(pair));
}

void SimulatedPairs::keep(JudgedPair&& pair) {
    const std::string base_directory = session_.keep(pair.outcome, pair.base.results, false);
    if (!base_directory.empty()) {
        write_judged(base_directory, std::move(pair.base));
    }
    const std::string patch_directory =
        pair.patch ? session_.keep(pair.outcome, pair.patch->results, true) : std::string();
    if (!patch_directory.empty()) {
        write_judged(patch_directory, std::move(*pair.patch));
    }
}

/// Does it come again, and does the base fail around it? With simulators of their own, since the
/// others are at work.
void SimulatedPairs::look_into(const std::string& check, const Plan& plan) {
    CompareRunner base(simulators_.base, simulators_.base_log, session_.stop_requests);
    CompareRunner patch(simulators_.patch, simulators_.patch_log, session_.stop_requests);
    const auto fails = [&](CompareRunner& runner, const Plan& tried) {
        const Results results = simulate_on(runner, tried).results;
        const checker::Check* found = find_check(results, check);
        return found != nullptr && found->verdict == checker::Verdict::invalid ? 1U : 0U;
    };
    compare::Confirmation confirmation{.check = check, .tier = compare::PairTier::simulator};
    confirmation.patch_runs = 1;
    confirmation.patch_again = fails(patch, plan);
    confirmation.base_runs = 1;
    confirmation.base_failed = fails(base, plan);
    for (std::uint64_t i = 1; i <= neighbours; ++i) {
        const Plan around = compare::neighbour(plan, i);
        ++confirmation.base_runs;
        confirmation.base_failed += fails(base, around);
        ++confirmation.around_runs;
        confirmation.around_failed += fails(patch, around);
    }
    session_.found.decider.add(confirmation);
}

}  // namespace squall::harness::cli
