#include "harness/cli/compare_simulated.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "harness/cli/compare_judged.hpp"
#include "harness/cli/compare_tool.hpp"
#include "harness/compare/profiles.hpp"

namespace squall::harness::cli {
namespace {

/// Plans around a failing one that both sides are given.
constexpr std::uint64_t neighbours = 20;

double in_units(std::chrono::nanoseconds time) {
    return static_cast<double>(time.count());
}

}  // namespace

SimulatedPairs::SimulatedPairs(CompareSession& session, std::string base, std::string patch)
    : session_(session),
      base_program_(std::move(base)),
      patch_program_(std::move(patch)),
      base_(base_program_, runner_log("base"), session.stop_requests),
      patch_(patch_program_, runner_log("patch"), session.stop_requests) {}

std::string SimulatedPairs::runner_log(const char* side) const {
    return session_.directory + "/" + side + "-runner.log";
}

void SimulatedPairs::start(const std::string& profile) {
    const std::uint64_t seed = session_.next_seed();
    const compare::Profile* found = compare::find_profile(profile);
    start(Pending{{.profile = profile, .seed = seed}, compare::plan_of(*found, seed, false)});
}

void SimulatedPairs::start(Pending pending) {
    pending_ = std::move(pending);
    base_.start(pending_.plan);
    patch_.start(pending_.plan);
}

void SimulatedPairs::go(CompareSession::Clock::time_point until,
                        const char* phase,
                        const std::function<std::string()>& choose) {
    try {
        start(choose());
        for (bool more = true; more;) {
            // The simulators are at the next plan while this one is judged.
            finish([&] {
                more = !session_.over(until);
                if (more) {
                    start(choose());
                }
            });
            session_.show_progress(phase);
        }
    } catch (const Interrupted&) {
        session_.found.interrupted = true;
    }
}

void SimulatedPairs::go_once(const Plan& plan) {
    start(Pending{{.profile = "as given", .seed = plan.seed}, plan});
    finish([] {});
}

/// Takes what both simulators have answered, has them go on, and judges.
void SimulatedPairs::finish(const std::function<void()>& next) {
    Pending done = pending_;
    const SimulatedHead base_head = base_.await();
    const SimulatedHead patch_head = patch_.await();
    const bool died = !base_head.died.empty() || !patch_head.died.empty();
    done.outcome.identical = !died && base_head.digest == patch_head.digest;
    const std::string base_bytes = recording_of(base_, base_head);
    const std::string patch_bytes = done.outcome.identical ? "" : recording_of(patch_, patch_head);
    next();
    JudgedRun base = judge_simulated(base_bytes, base_head, done.plan);
    done.outcome.base = compare::outcome_of(base.results);
    std::optional<JudgedRun> patch;
    compare::Measured measured = base.measured;
    if (done.outcome.identical) {
        done.outcome.patch = done.outcome.base;
        // All that can differ is how long it took.
        measured.back() = measured.back().value_or(0) * in_units(patch_head.processor_time) /
                          std::max(1.0, in_units(base_head.processor_time));
    } else {
        patch = judge_simulated(patch_bytes, patch_head, done.plan);
        done.outcome.patch = compare::outcome_of(patch->results);
        measured = patch->measured;
    }
    session_.add_metrics(compare::PairTier::simulator, base.measured, measured);
    settle(done.outcome, done.plan);
    keep(done.outcome, std::move(base), std::move(patch));
}

void SimulatedPairs::keep(const compare::PairOutcome& outcome,
                          JudgedRun&& base,
                          std::optional<JudgedRun>&& patch) {
    const std::string base_directory = session_.keep(outcome, base.results, false);
    if (!base_directory.empty()) {
        write_judged(base_directory, std::move(base));
    }
    const std::string patch_directory =
        patch ? session_.keep(outcome, patch->results, true) : std::string();
    if (!patch_directory.empty()) {
        write_judged(patch_directory, std::move(*patch));
    }
}

void SimulatedPairs::settle(compare::PairOutcome& outcome, const Plan& plan) {
    compare::Decider& decider = session_.found.decider;
    decider.add(outcome);
    if (const auto check = decider.suspicious(outcome)) {
        look_into(*check, plan);
    }
}

/// Does it come again, and does the base fail around it? With simulators of their own, since the
/// others are at work.
void SimulatedPairs::look_into(const std::string& check, const Plan& plan) {
    CompareRunner base(base_program_, runner_log("base"), session_.stop_requests);
    CompareRunner patch(patch_program_, runner_log("patch"), session_.stop_requests);
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
