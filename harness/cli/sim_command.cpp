#include <algorithm>
#include <atomic>
#include <cstdio>
#include <ctime>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "harness/cli/budget.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/crash_signal.hpp"
#include "harness/cli/failed_run.hpp"
#include "harness/cli/plan_options.hpp"
#include "harness/cli/run_directory.hpp"
#include "harness/cli/shrink_run.hpp"
#include "harness/cli/simulated_run.hpp"
#include "harness/cli/stop_signals.hpp"
#include "harness/cli/version.hpp"
#include "harness/cli/whole_number.hpp"
#include "harness/failure.hpp"
#include "harness/judge.hpp"
#include "harness/report/terminal.hpp"
#include "harness/sim/simulate.hpp"
#include "harness/suite/fault_states.hpp"
#include "harness/suite/sweep_summary.hpp"

namespace squall::harness::cli {
namespace {

struct SimOptions {
    PlanOptions plan;
    std::uint64_t seeds = 1;
    bool seeds_given = false;
    unsigned jobs = 2;
    std::string out;
    bool no_shrink = false;
    std::string budget = "30s";
    std::string time;  ///< Empty: all seeds.
    std::string summary;
};

/// What several workers find together.
struct Sweep {
    std::atomic<std::uint64_t> next{0};
    std::atomic<bool> stop{false};
    std::optional<std::chrono::steady_clock::time_point> until;  ///< No seed is begun after it.
    std::mutex mutex;
    // Guarded by mutex:
    std::uint64_t done = 0;
    std::uint64_t unknown = 0;
    std::uint64_t hollow = 0;
    std::uint64_t ok_operations = 0;
    std::uint64_t ok_operations_min = UINT64_MAX;
    std::uint64_t core_steps = 0;
    Duration simulated{};
    std::optional<std::uint64_t> bad;  ///< Smallest ordinal of a seed that is invalid or void.
    std::optional<std::uint64_t> undecided;  ///< Smallest ordinal of one that is unknown.
    std::string error;
    suite::Coverage covered;  ///< Gathered for a summary only.
};

bool time_is_up(const Sweep& sweep) {
    return sweep.until && std::chrono::steady_clock::now() >= *sweep.until;
}

bool only_coverage_is_lacking(const Results& results) {
    return std::ranges::all_of(results.checks, [](const checker::Check& check) {
        return check.verdict == checker::Verdict::valid || check.name == "coverage";
    });
}

void note_result(Sweep& sweep,
                 std::uint64_t ordinal,
                 const Results& results,
                 std::uint64_t core_steps,
                 const suite::Coverage& covered) {
    const std::scoped_lock lock(sweep.mutex);
    ++sweep.done;
    sweep.core_steps += core_steps;
    for (const auto& [pair, times] : covered) {
        sweep.covered[pair] += times;
    }
    sweep.ok_operations += results.operations.ok;
    sweep.ok_operations_min = std::min(sweep.ok_operations_min, results.operations.ok);
    sweep.simulated += results.elapsed;
    if (results.verdict == RunVerdict::unknown) {
        ++sweep.unknown;
        sweep.hollow += only_coverage_is_lacking(results) ? 1U : 0U;
        sweep.undecided = std::min(sweep.undecided.value_or(ordinal), ordinal);
    }
    if (results.verdict == RunVerdict::invalid || results.verdict == RunVerdict::void_run) {
        sweep.bad = std::min(sweep.bad.value_or(ordinal), ordinal);
        sweep.stop = true;
    }
}

void work(const SimOptions& options, std::uint64_t base, Sweep& sweep) {
    try {
        // A worker finishes the seed it took, so every seed before the first bad one is judged:
        // which seed is reported does not depend on the number of jobs.
        while (!sweep.stop) {
            const std::uint64_t ordinal = sweep.next++;
            if (ordinal >= options.seeds || (ordinal > 0 && time_is_up(sweep))) {
                return;
            }
            PlanOptions plan_options = options.plan;
            plan_options.seed = base + ordinal;
            const Plan plan = make_plan(plan_options, 0);
            now_simulating(plan.seed);
            const sim::Simulation simulation = sim::simulate(plan);
            const Results results =
                judge(simulation.record, {.version = version(), .command = "sim"});
            note_result(sweep,
                        ordinal,
                        results,
                        simulation.core_steps,
                        options.summary.empty() ? suite::Coverage()
                                                : suite::fault_states(simulation.record.events));
        }
    } catch (const std::exception& error) {
        const std::scoped_lock lock(sweep.mutex);
        sweep.error = error.what();
        sweep.stop = true;
    }
}

/// Runs one plan once more and keeps everything about it; if it fails, also what is left of it.
int keep_one(const Plan& plan, const SimOptions& options) {
    now_simulating(plan.seed);
    SimulatedRun run = simulate_with_traces(plan);
    const std::string directory = make_run_directory(plan, options.out);
    run.results.plan_given = !options.plan.plan_file.empty();
    run.results.directory = directory;
    write_simulated_run(directory, run);
    fmt::print("{}", report::terminal_summary(run.results, directory));
    const bool shrunk_before = plan.operations.has_value();
    if (!options.no_shrink && !shrunk_before && run.results.verdict == RunVerdict::invalid) {
        std::fflush(stdout);
        const RunRecord& record = run.simulation.record;
        const auto failed = failed_run(directory, run.results, record.realised, record.events, "");
        static_cast<void>(shrink_run(*failed,
                                     {.budget = read_budget("--shrink-budget", options.budget),
                                      .stop_requests = &watch_stop_signals()}));
    }
    return exit_code(run.results.verdict);
}

/// For whoever runs the command: what a sweep came to, whether or not a run is kept.
void write_summary(const std::string& path,
                   std::uint64_t base,
                   const Sweep& sweep,
                   RunVerdict verdict) {
    if (path.empty()) {
        return;
    }
    suite::SweepSummary summary;
    summary.first_seed = base;
    // Seeds after the first bad one may have been judged, too; what comes next begins behind it.
    summary.seeds = sweep.bad ? *sweep.bad + 1 : sweep.done;
    summary.unknown = sweep.unknown;
    summary.hollow = sweep.hollow;
    summary.ok_operations = sweep.ok_operations;
    summary.simulated_s = std::chrono::duration<double>(sweep.simulated).count();
    summary.verdict = to_string(verdict);
    summary.covered = sweep.covered;
    write_file(path, suite::to_json(summary));
}

constexpr std::uint64_t seeds_max = 1'000'000'000;

int run(SimOptions options) {
    constexpr unsigned jobs_max = 256;
    std::optional<std::chrono::nanoseconds> time;
    if (!options.time.empty()) {
        time = read_budget("--for", options.time);
        options.seeds = options.seeds_given ? options.seeds : seeds_max;
    }
    if (options.seeds < 1 || options.seeds > seeds_max) {
        throw UsageError(fmt::format("--seeds: {} is not from 1 to {}", options.seeds, seeds_max));
    }
    if (options.jobs < 1 || options.jobs > jobs_max) {
        throw UsageError(fmt::format("--jobs: {} is not from 1 to {}", options.jobs, jobs_max));
    }
    static_cast<void>(read_budget("--shrink-budget", options.budget));
    watch_for_aborts();
    const std::uint64_t base = options.plan.seed.value_or(fresh_seed());
    const Plan first = make_plan(options.plan, base);
    require_new_directory(options.out);
    const bool wants_sweep = time || !options.summary.empty();
    if ((options.seeds == 1 && !wants_sweep) || !options.plan.plan_file.empty()) {
        return keep_one(first, options);
    }
    Sweep sweep;
    const std::clock_t began = std::clock();
    if (time) {
        sweep.until = std::chrono::steady_clock::now() + *time;
    }
    {
        std::vector<std::jthread> workers;
        for (unsigned i = 0; i < options.jobs; ++i) {
            workers.emplace_back([&] { work(options, base, sweep); });
        }
    }
    if (!sweep.error.empty()) {
        throw Failure(sweep.error);
    }
    const double cpu = std::max(static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC, 1e-6);
    write_summary(options.summary,
                  base,
                  sweep,
                  sweep.bad         ? RunVerdict::invalid
                  : sweep.undecided ? RunVerdict::unknown
                                    : RunVerdict::valid);
    const auto keep = [&](std::uint64_t ordinal, const char* how) {
        fmt::print(
            "seed {} (number {} of {}) {}:\n", base + ordinal, ordinal + 1, options.seeds, how);
        PlanOptions plan_options = options.plan;
        plan_options.seed = base + ordinal;
        return keep_one(make_plan(plan_options, 0), options);
    };
    if (sweep.bad) {
        return keep(*sweep.bad, "failed");
    }
    const double simulated = std::chrono::duration<double>(sweep.simulated).count();
    fmt::print(
        "{}: {} seeds from {}, {:.0f} simulated seconds, {} ok operations (at least {} in each); "
        "{} unknown\n"
        "  for each second of CPU time {:.0f} simulated seconds and {:.0f} steps of the core\n",
        sweep.unknown == 0 ? "VALID" : "UNKNOWN",
        sweep.done,
        base,
        simulated,
        sweep.ok_operations,
        sweep.ok_operations_min,
        sweep.unknown,
        simulated / cpu,
        static_cast<double>(sweep.core_steps) / cpu);
    return sweep.undecided ? keep(*sweep.undecided, "is undecided") : exit_code(RunVerdict::valid);
}

}  // namespace

void add_sim_command(CLI::App& app, Command* chosen) {
    CLI::App* command = app.add_subcommand("sim", "The same, simulated: deterministic, many seeds");
    auto options = std::make_shared<SimOptions>();
    options->plan.rate = 150;
    add_plan_options(*command, options->plan, Tier::simulation);
    CLI::Option* seeds =
        command
            ->add_option("--seeds",
                         options->seeds,
                         "How many seeds, counting up from --seed; stops at the first bad one")
            ->capture_default_str()
            ->check(whole_number_problem)
            ->excludes("--plan");
    command
        ->add_option("--for",
                     options->time,
                     "As many seeds as fit into this time, such as 90s or 5m; --seeds bounds them")
        ->excludes("--plan");
    command
        ->add_option("--sweep-summary",
                     options->summary,
                     "Write what became of the seeds to this file (docs/suites.md)")
        ->excludes("--plan");
    command->add_option("--jobs", options->jobs, "Simulations side by side")->capture_default_str();
    command->add_option(
        "--out", options->out, "New directory for the run that is kept; default: one under runs/");
    command->add_flag("--no-shrink", options->no_shrink, "Leave a run that fails as it is");
    command
        ->add_option("--shrink-budget", options->budget, "How long to shrink it, such as 90s or 5m")
        ->capture_default_str();
    command->callback([chosen, options, seeds] {
        options->seeds_given = !seeds->empty();
        *chosen = [options] { return run(*options); };
    });
}

}  // namespace squall::harness::cli
