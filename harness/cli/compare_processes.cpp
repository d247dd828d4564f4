#include "harness/cli/compare_processes.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "harness/cli/compare_judged.hpp"
#include "harness/cli/run_directory.hpp"
#include "harness/compare/metrics.hpp"

namespace squall::harness::cli {
namespace {

namespace fs = std::filesystem;

/// More runs of a plan that the patch failed, at most.
constexpr std::uint64_t again_max = 5;

}  // namespace

RealPairs::RealPairs(CompareSession& session, RealSide base, RealSide patch, PlanOf plan_of)
    : session_(session),
      base_(std::move(base)),
      patch_(std::move(patch)),
      plan_of_(std::move(plan_of)) {}

void RealPairs::go(CompareSession::Clock::time_point until,
                   const std::function<compare::Mix(std::uint64_t number)>& mix_of) {
    std::uint64_t number = 0;
    do {
        const compare::Mix mix = mix_of(number);
        const std::uint64_t seed = session_.seed_of(ComparePhase::real, number);
        pair(mix.name, seed, plan_of_(mix, seed));
        ++number;
        session_.show_progress(to_string(ComparePhase::real));
    } while (!session_.over(until));
    clean();
}

void RealPairs::go_once(const Plan& plan) {
    pair("as given", plan.seed, plan);
    clean();
}

void RealPairs::clean() const {
    std::error_code ignored;
    fs::remove_all(trial(false), ignored);
    fs::remove_all(trial(true), ignored);
}

std::string RealPairs::trial(bool patch) const {
    return session_.directory + (patch ? "/trial-patch" : "/trial-base");
}

ProcessRun RealPairs::run(const Plan& plan, bool patch) {
    const RealSide& side = patch ? patch_ : base_;
    Plan own = plan;
    own.program = side.program;
    std::error_code ignored;
    fs::remove_all(trial(patch), ignored);
    return run_on_processes(
        own,
        make_run_directory(own, trial(patch)),
        {.node_binary = side.node_binary, .stop_requests = &session_.stop_requests});
}

void RealPairs::pair(const std::string& profile, std::uint64_t seed, const Plan& plan) {
    compare::PairOutcome outcome{
        .tier = compare::PairTier::processes, .profile = profile, .seed = seed};
    // Who comes first alternates, lest a machine that grows slower is held against one of them.
    const bool patch_first = seed % 2 == 1;
    const ProcessRun first = run(plan, patch_first);
    const ProcessRun second = run(plan, !patch_first);
    if (session_.stop_requests > 0) {
        return;  // What was cut short proves nothing.
    }
    const ProcessRun& base = patch_first ? second : first;
    const ProcessRun& patch = patch_first ? first : second;
    outcome.base = compare::outcome_of(base.results);
    outcome.patch = compare::outcome_of(patch.results);
    const auto measured = [&](const ProcessRun& each, bool of_patch) {
        return compare::measure(
            each.record, load_node_traces(trial(of_patch), plan.nodes).records, nullptr);
    };
    session_.add_metrics(
        compare::PairTier::processes, measured(base, false), measured(patch, true));
    session_.found.decider.add(outcome);
    keep(outcome, base, false);
    keep(outcome, patch, true);
    if (const auto check = session_.found.decider.suspicious(outcome)) {
        look_into(*check, plan);
    }
}

void RealPairs::keep(const compare::PairOutcome& outcome, const ProcessRun& run, bool patch) {
    const bool judged = patch ? outcome.patch.judged : outcome.base.judged;
    const std::string directory =
        judged ? session_.keep(outcome, run.results, patch) : session_.keep_undecided(patch);
    if (directory.empty()) {
        return;
    }
    std::error_code error;
    fs::create_directories(fs::path(directory).parent_path(), error);
    fs::rename(trial(patch), directory, error);
    if (!error) {
        write_process_run(directory, run);
    }
}

/// Until it comes again, or too often not; the base gets as many runs.
void RealPairs::look_into(const std::string& check, const Plan& plan) {
    compare::Confirmation confirmation{
        .check = check, .tier = compare::PairTier::processes, .base_runs = 1};
    const auto fails = [&](bool patch) {
        const ProcessRun tried = run(plan, patch);
        const checker::Check* found = find_check(tried.results, check);
        return found != nullptr && found->verdict == checker::Verdict::invalid ? 1U : 0U;
    };
    while (confirmation.patch_runs < again_max && confirmation.patch_again == 0 &&
           confirmation.base_failed == 0 && session_.stop_requests == 0) {
        ++confirmation.base_runs;
        confirmation.base_failed += fails(false);
        ++confirmation.patch_runs;
        confirmation.patch_again += fails(true);
    }
    session_.found.decider.add(confirmation);
}

}  // namespace squall::harness::cli
