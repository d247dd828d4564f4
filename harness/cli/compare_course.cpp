#include "harness/cli/compare_course.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "harness/cli/compare_processes.hpp"
#include "harness/cli/compare_simulated.hpp"
#include "harness/cli/plan_options.hpp"
#include "harness/cli/read_files.hpp"
#include "harness/compare/profiles.hpp"
#include "harness/compare/targeting.hpp"
#include "harness/failure.hpp"

namespace squall::harness::cli {
namespace {

using Clock = CompareSession::Clock;

/// Of the time for simulations, before the targeted ones.
constexpr double general_share = 0.35;
/// Length of a run on real processes, at least and at most; and how many of them a budget is to
/// have room for, if it is that large.
constexpr auto real_length_min = std::chrono::seconds(4);
constexpr auto real_length_max = std::chrono::seconds(10);
constexpr double real_runs = 12;

/// What clients do to the user's own program, and what is done to it.
Plan maelstrom_plan(const RealSide& side, std::uint64_t seed) {
    PlanOptions options;
    options.system = "maelstrom";
    options.program.program = side.program.front();
    options.program.arguments = {side.program.begin() + 1, side.program.end()};
    options.time_limit_s = 10;
    options.rate = 100;
    options.seed = seed;
    return make_plan(options, seed);
}

class Comparing {
  public:
    Comparing(const CompareOptions& options, CompareSession& session, const ComparedSides& sides)
        : options_(options), session_(session), sides_(sides) {
        session_.target = compare::target_of(session_.found.changes, session_.bug_sites);
        session_.found.neighbours = session_.target.neighbours;
        for (const auto& [profile, weight] : session_.target.weights) {
            session_.found.targets.push_back(fmt::format("{}: weight {}", profile, weight));
        }
        auto& reasons = session_.target.reasons;
        session_.found.targets.insert(session_.found.targets.end(), reasons.begin(), reasons.end());
    }

    void go() {
        session_.begun = Clock::now();
        const bool simulated = options_.simulates() && sides_.simulated();
        std::optional<SimulatedPairs> simulations;
        if (simulated) {
            simulations.emplace(
                session_, sides_.base.simulator, sides_.patch.simulator, options_.jobs);
        }
        if (!options_.plan_file.empty()) {
            replay(simulations ? &*simulations : nullptr);
            return;
        }
        const double real = !options_.runs_processes() ? 0
                            : simulated                ? session_.target.real_share
                                                       : 1;
        const double simulation = 1 - real;
        if (simulated) {
            simulations->go(
                until(simulation * general_share), ComparePhase::general, [](std::uint64_t) {
                    return compare::Mix{"general", compare::find_profile(compare::general)};
                });
        }
        if (real > 0 && !session_.over(until(1))) {
            processes(until(simulation * general_share + real));
        }
        if (simulated && !session_.over(until(1))) {
            simulations->go(until(1), ComparePhase::targeted, targeted());
        }
        CompareSession::hide_progress();
    }

  private:
    [[nodiscard]] Clock::time_point until(double share) const {
        return session_.begun +
               std::chrono::duration_cast<Clock::duration>(
                   std::chrono::duration<double>(share * session_.found.budget_seconds));
    }

    [[nodiscard]] std::function<compare::Mix(std::uint64_t)> targeted() const {
        return
            [this](std::uint64_t number) { return compare::mix_of_pair(session_.target, number); };
    }

    /// In the simulators, if there are any and nothing else is asked for.
    void replay(SimulatedPairs* simulations) {
        const Plan plan = read_plan(options_.plan_file);
        if (plan.system != (sides_.real_base.program.empty() ? "raft-node" : "maelstrom")) {
            throw UsageError(
                fmt::format("--plan: {} is for the system {}, and both sides are of another",
                            options_.plan_file,
                            plan.system));
        }
        if (simulations != nullptr) {
            simulations->go_once(plan);
            return;
        }
        if (options_.tier == "sim") {
            throw Failure("there are no two simulators to replay the plan in; see the notes");
        }
        RealPairs(session_, sides_.real_base, sides_.real_patch, nullptr).go_once(plan);
    }

    void processes(Clock::time_point end) {
        RealPairs pairs(
            session_, sides_.real_base, sides_.real_patch, [this](auto& mix, auto seed) {
                if (!sides_.real_base.program.empty()) {
                    return maelstrom_plan(sides_.real_base, seed);
                }
                Plan plan = compare::plan_of(*mix.profile, seed, true, mix.narrowing);
                plan.time_limit = std::clamp<Duration>(
                    std::chrono::duration_cast<Duration>(
                        std::chrono::duration<double>(session_.found.budget_seconds / real_runs)),
                    real_length_min,
                    real_length_max);
                std::erase_if(plan.faults, [&](const nemesis::PlannedFault& fault) {
                    return fault.at + fault.duration > plan.time_limit;
                });
                return plan;
            });
        if (sides_.real_base.program.empty()) {
            pairs.go(end, targeted());
        } else {
            pairs.go(end, [](std::uint64_t) { return compare::Mix{.name = "all faults"}; });
        }
    }

    const CompareOptions& options_;
    CompareSession& session_;
    const ComparedSides& sides_;
};

}  // namespace

void run_course(const CompareOptions& options,
                CompareSession& session,
                const ComparedSides& sides) {
    Comparing(options, session, sides).go();
}

}  // namespace squall::harness::cli
