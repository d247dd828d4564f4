// Is the patch worse than what it changes? docs/comparing.md.
#include "harness/cli/compare_command.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "harness/cli/compare_options.hpp"
#include "harness/cli/compare_scratch.hpp"
#include "harness/cli/compare_session.hpp"
#include "harness/cli/compare_shrink.hpp"
#include "harness/cli/compare_sides.hpp"
#include "harness/cli/compare_simulated.hpp"
#include "harness/cli/compare_tool.hpp"
#include "harness/cli/plan_options.hpp"
#include "harness/cli/read_files.hpp"
#include "harness/cli/run_directory.hpp"
#include "harness/cli/shrink_run.hpp"
#include "harness/cli/stop_signals.hpp"
#include "harness/cli/version.hpp"
#include "harness/compare/profiles.hpp"
#include "harness/compare/targeting.hpp"
#include "harness/failure.hpp"
#include "harness/process/reaper.hpp"

namespace squall::harness::cli {
namespace {

namespace fs = std::filesystem;
using Clock = CompareSession::Clock;

constexpr int exit_void = 3;
/// Of the time for simulations, before the targeted ones.
constexpr double general_share = 0.35;
/// Length of a run on real processes, at least and at most; and how many of them a budget is to
/// have room for, if it is that large.
constexpr auto real_length_min = std::chrono::seconds(4);
constexpr auto real_length_max = std::chrono::seconds(10);
constexpr double real_runs = 12;

double seconds_since(Clock::time_point begun) {
    return std::chrono::duration<double>(Clock::now() - begun).count();
}

std::string new_directory(const std::string& out) {
    require_new_directory(out);
    std::string path = out;
    std::error_code error;
    for (int i = 0; path.empty(); ++i) {
        path = fmt::format("runs/{:%Y%m%dT%H%M%S}-compare{}",
                           fmt::gmtime(std::time(nullptr)),
                           i == 0 ? "" : fmt::format("-{}", i));
        path = fs::exists(path, error) ? "" : path;
    }
    fs::create_directories(path, error);
    if (error) {
        throw Failure("cannot make " + path + ": " + error.message() + "; name another with --out");
    }
    return path;
}

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
        session_.target = compare::target_of(session_.found.changes);
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
            simulations->go(until(simulation * general_share),
                            ComparePhase::general,
                            [](std::uint64_t) { return std::string(compare::general); });
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

    [[nodiscard]] std::function<std::string(std::uint64_t)> targeted() const {
        return [this](std::uint64_t number) {
            return compare::profile_of_pair(session_.target, number);
        };
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
            session_, sides_.real_base, sides_.real_patch, [this](auto& profile, auto seed) {
                if (!sides_.real_base.program.empty()) {
                    return maelstrom_plan(sides_.real_base, seed);
                }
                Plan plan = compare::plan_of(*compare::find_profile(profile), seed, true);
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
            pairs.go(end, [](std::uint64_t) { return std::string("all faults"); });
        }
    }

    const CompareOptions& options_;
    CompareSession& session_;
    const ComparedSides& sides_;
};

/// With the commits that the revisions stood for: branches move.
CompareOptions fixed(CompareOptions options, const CompareSession& session) {
    constexpr std::size_t digits = 12;
    const auto fix = [](std::string& name, const compare::Side& side) {
        name = side.commit.empty() ? name : side.commit.substr(0, digits);
    };
    fix(options.base, session.found.base);
    fix(options.patch, session.found.patch);
    return options;
}

/// How to see each kept failure again.
void name_replays(const CompareOptions& options, CompareSession& session) {
    for (compare::KeptFailure& failure : session.found.failures) {
        const std::string directory = session.directory + "/" + failure.directory;
        CompareOptions again = options;
        const bool real = failure.tier == compare::PairTier::processes;
        again.tier = real && !options.commands() ? "process" : "both";
        // What was really injected, where that and the plan are two things.
        again.plan_file = directory + (real ? "/realised.json" : "/plan.json");
        failure.replay = compare_command_line(fixed(again, session), session.found.seed);
    }
}

void write_all(const CompareSession& session) {
    write_file(session.directory + "/compare.json", compare::to_json(session.found));
    write_file(session.directory + "/compare.md", compare::to_markdown(session.found));
    write_file(session.directory + "/junit.xml", compare::to_junit(session.found));
}

/// Nothing is different, so nothing has to be run.
bool nothing_to_compare(CompareSession& session) {
    compare::Comparison& found = session.found;
    if (found.base.tree.empty() || found.base.tree != found.patch.tree) {
        return false;
    }
    found.decision = {compare::Verdict::no_difference,
                      {"the patch leaves raft/ as it is; nothing was run"}};
    return true;
}

int compare_sides(const CompareOptions& options, CompareSession& session) {
    const Clock::time_point begun = Clock::now();
    std::optional<CompareScratch> scratch;
    ComparedSides sides;
    if (options.commands()) {
        sides = named_sides(options, session);
    } else {
        scratch.emplace(compare_cache_directory());
        sides = build_sides(options, scratch->path(), session);
    }
    session.found.build_seconds = seconds_since(begun);
    session.found.command = compare_command_line(fixed(options, session), session.found.seed);
    if (!nothing_to_compare(session)) {
        fmt::print(stderr, "squall: comparing for {}\n", options.budget);
        Comparing(options, session, sides).go();
        session.found.interrupted |= session.stop_requests > 0;
        session.found.compare_seconds = seconds_since(session.begun);
        session.found.decision = session.found.decider.decision(
            session.found.interrupted
                ? fmt::format(
                      "interrupted after {:.0f} s of {:.0f} s; this is what was found so far",
                      session.found.compare_seconds,
                      session.found.budget_seconds)
                : "");
        if (options.plan_file.empty() && sides.simulated()) {
            shrink_failures(session,
                            sides.base.simulator,
                            sides.patch.simulator,
                            read_budget("--shrink-budget", options.shrink_budget));
        }
    }
    name_replays(options, session);
    write_all(session);
    fmt::print("{}", compare::to_text(session.found, session.directory));
    return compare::exit_code(session.found.decision.verdict);
}

int run(const CompareOptions& options) {
    check_compare_options(options);
    const std::atomic<int>& stop_requests = watch_stop_signals();
    process::live_under_a_reaper();
    std::string directory = new_directory(options.out);
    compare::Comparison nothing_yet;
    compare::Target no_target;
    CompareSession session{.found = std::move(nothing_yet),
                           .target = std::move(no_target),
                           .directory = std::move(directory),
                           .stop_requests = stop_requests};
    session.found.version = version();
    session.found.seed = options.seed.value_or(fresh_seed());
    session.found.command = compare_command_line(options, session.found.seed);
    session.found.budget_seconds =
        std::chrono::duration<double>(read_budget("--budget", options.budget)).count();
    session.found.decider = compare::Decider({.alpha = options.alpha});
    try {
        return compare_sides(options, session);
    } catch (const UsageError&) {
        // Nothing was begun; an empty directory would only be in the way.
        std::error_code ignored;
        fs::remove_all(session.directory, ignored);
        throw;
    } catch (const BuildError& error) {
        fmt::print(stderr,
                   "squall: void: {} does not build; whole output in {}/*-build.log:\n{}",
                   error.side(),
                   session.directory,
                   error.what());
        return exit_void;
    } catch (const Interrupted&) {
        fmt::print(stderr, "squall: void: interrupted before anything was compared\n");
        return exit_void;
    }
}

}  // namespace

void add_compare_command(CLI::App& app, Command* chosen) {
    CLI::App* command = app.add_subcommand(
        "compare", "Base versus patch: does a patch introduce failures, does it fix some?");
    auto options = std::make_shared<CompareOptions>();
    add_compare_options(*command, *options);
    command->footer(
        "Exit codes: 0 no difference found or failures fixed, 1 the patch introduces "
        "failures, 2 could not tell, 3 void (it does not build...), 64 wrong usage.");
    command->callback([chosen, options] { *chosen = [options] { return run(*options); }; });
}

}  // namespace squall::harness::cli
