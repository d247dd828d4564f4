// squall zoo: switches on one documented bug after the other and counts the seeds until somebody
// notices.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "harness/cli/commands.hpp"
#include "harness/cli/plan_check.hpp"
#include "harness/cli/run_directory.hpp"
#include "harness/cli/whole_number.hpp"
#include "harness/cli/zoo_trials.hpp"
#include "harness/failure.hpp"
#include "harness/judge.hpp"
#include "harness/process/reaper.hpp"
#include "harness/scorecard.hpp"
#include "harness/systems/system.hpp"

namespace squall::harness::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* system_name = "raft-node";
/// Between the first seeds of two series.
constexpr std::uint64_t series_distance = 1'000'000;
/// Each detector alone is given up when all that still search have seen so many seeds more than
/// the last one that found something, unless clients' histories are still to tell.
constexpr std::uint64_t patience = 100;

struct ZooOptions {
    std::string tier = "sim";
    std::string bug;
    std::uint64_t tries = 2000;
    std::uint64_t series = 5;
    std::uint64_t seed = 1;
    unsigned jobs = 2;
    bool no_alone = false;
    bool json = false;
};

class Inspector {
  public:
    explicit Inspector(const ZooOptions& options) : options_(options) {}

    BugScore inspect(const systems::Bug& bug) const {
        BugScore score;
        score.slug = bug.slug;
        score.what = bug.what;
        score.source = bug.source;
        score.breaks = bug.breaks;
        score.expected = bug.detector;
        for (std::uint64_t i = 0; i < options_.series; ++i) {
            score.series.push_back(series(score.slug, options_.seed + i * series_distance));
        }
        if (!options_.no_alone && options_.tier == "sim") {
            alone(score);
        }
        return score;
    }

  private:
    [[nodiscard]] std::vector<Finding> trial(const std::string& slug,
                                             std::uint64_t seed,
                                             bool assertions_off) const {
        return options_.tier == "sim" ? simulated_trial(slug, seed, assertions_off)
                                      : process_trial(slug, seed);
    }

    [[nodiscard]] std::optional<Conviction> series(const std::string& slug,
                                                   std::uint64_t first) const {
        const Clock::time_point begun = Clock::now();
        for (std::uint64_t i = 0; i < options_.tries; ++i) {
            const std::vector<Finding> found = trial(slug, first + i, false);
            if (!found.empty()) {
                return Conviction{found.front(), first + i, i + 1, seconds_since(begun)};
            }
        }
        return std::nullopt;
    }

    void alone(BugScore& score) const {
        for (const Detector& detector : detectors()) {
            score.alone.try_emplace(std::string(detector.name));
        }
        const Clock::time_point begun = Clock::now();
        std::uint64_t last_news = 0;
        for (std::uint64_t i = 0; i < options_.tries; ++i) {
            if (score.alone.at("linearizability") && i >= last_news + patience) {
                break;
            }
            score.alone_seeds = i + 1;
            for (const Finding& finding : trial(score.slug, options_.seed + i, true)) {
                std::optional<Conviction>& first = score.alone.at(finding.detector);
                if (!first) {
                    first = Conviction{finding, options_.seed + i, i + 1, seconds_since(begun)};
                    last_news = i + 1;
                }
            }
        }
    }

    static double seconds_since(Clock::time_point begun) {
        return std::chrono::duration<double>(Clock::now() - begun).count();
    }

    const ZooOptions& options_;
};

std::vector<systems::Bug> chosen_bugs(const ZooOptions& options) {
    const systems::System& system = require_system(PlanSource(), system_name);
    require_bug(PlanSource(), system, options.bug);
    std::vector<systems::Bug> bugs;
    for (const systems::Bug& bug : system.bugs()) {
        if (options.bug.empty() || options.bug == bug.slug) {
            bugs.push_back(bug);
        }
    }
    if (bugs.empty()) {
        throw UsageError("zoo: this build has no bugs in it; build with SQUALL_ZOO=ON");
    }
    return bugs;
}

void check_options(const ZooOptions& options) {
    if (options.tier != "sim" && options.tier != "process") {
        throw UsageError(fmt::format("--tier: '{}' is neither sim nor process", options.tier));
    }
    const auto from_one = [](const char* flag, std::uint64_t value, std::uint64_t most) {
        if (value < 1 || value > most) {
            throw UsageError(fmt::format("{}: {} is not from 1 to {}", flag, value, most));
        }
    };
    from_one("--tries", options.tries, series_distance);
    from_one("--series", options.series, 1000);
    from_one("--jobs", options.jobs, 256);
}

/// Bugs side by side; in the order of the catalogue all the same.
std::vector<BugScore> inspect_all(const std::vector<systems::Bug>& bugs,
                                  const Inspector& inspector,
                                  unsigned jobs) {
    std::vector<BugScore> scores(bugs.size());
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    std::string error;  // Guarded by mutex.
    const auto work = [&] {
        try {
            for (std::size_t i = next++; i < bugs.size(); i = next++) {
                scores[i] = inspector.inspect(bugs[i]);
                fmt::print(stderr,
                           "squall: {} {}\n",
                           bugs[i].slug,
                           scores[i].convicted() ? "convicted" : "NOT CONVICTED");
            }
        } catch (const std::exception& problem) {
            const std::scoped_lock lock(mutex);
            error = problem.what();
            next = bugs.size();
        }
    };
    {
        std::vector<std::jthread> workers;
        for (unsigned i = 0; i < jobs; ++i) {
            workers.emplace_back(work);
        }
    }
    if (!error.empty()) {
        throw Failure(error);
    }
    return scores;
}

int run(ZooOptions options) {
    check_options(options);
    const std::vector<systems::Bug> bugs = chosen_bugs(options);
    if (options.tier == "process") {
        // One cluster at a time: two would slow each other down, and minutes are what counts.
        options.jobs = 1;
        process::live_under_a_reaper();
    }
    Scorecard card;
    card.tier = options.tier;
    card.base = options.seed;
    card.tries = options.tries;
    card.bugs = inspect_all(bugs, Inspector(options), options.jobs);
    fmt::print("{}", options.json ? to_json(card) : to_text(card));
    const bool all = std::all_of(
        card.bugs.begin(), card.bugs.end(), [](const BugScore& bug) { return bug.convicted(); });
    return all ? 0 : 1;
}

}  // namespace

void add_zoo_command(CLI::App& app, Command* chosen) {
    CLI::App* command =
        app.add_subcommand("zoo", "The detection scorecard: are documented bugs convicted?");
    auto options = std::make_shared<ZooOptions>();
    command->add_option("--tier", options->tier, "sim, or process for real ones")
        ->capture_default_str();
    command->add_option("--bug", options->bug, "This one only (see squall list)");
    command->add_option("--tries", options->tries, "Seeds of a series, at most")
        ->check(whole_number_problem)
        ->capture_default_str();
    command->add_option("--series", options->series, "Independent series of seeds")
        ->check(whole_number_problem)
        ->capture_default_str();
    command->add_option("--seed", options->seed, "First seed of the first series")
        ->check(whole_number_problem)
        ->capture_default_str();
    command->add_option("--jobs", options->jobs, "Bugs side by side (tier sim)")
        ->capture_default_str();
    command->add_flag(
        "--no-alone", options->no_alone, "Leave out what each detector finds alone (tier sim)");
    command->add_flag("--json", options->json, "Machine-readable");
    command->callback([chosen, options] { *chosen = [options] { return run(*options); }; });
}

}  // namespace squall::harness::cli
