// squall zoo: switches on one documented bug after the other and counts the seeds until somebody
// notices.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "harness/cli/commands.hpp"
#include "harness/cli/plan_check.hpp"
#include "harness/cli/shrink_run.hpp"
#include "harness/cli/stop_signals.hpp"
#include "harness/cli/version.hpp"
#include "harness/cli/whole_number.hpp"
#include "harness/cli/zoo_inspector.hpp"
#include "harness/cli/zoo_kept.hpp"
#include "harness/cli/zoo_sweep.hpp"
#include "harness/failure.hpp"
#include "harness/process/reaper.hpp"
#include "harness/scorecard_json.hpp"
#include "harness/scorecard_text.hpp"
#include "harness/systems/system.hpp"

namespace squall::harness::cli {
namespace {

constexpr const char* system_name = "raft-node";
/// A cluster takes a core, and minutes are what counts on real processes.
constexpr unsigned clusters_max = 2;

struct Typed {
    ZooOptions zoo;
    std::optional<std::uint64_t> tries;
    std::string limit;
    std::string shrink_budget;
    std::string out;
    bool json = false;
};

std::vector<systems::Bug> chosen_bugs(const std::string& slug) {
    const systems::System& system = require_system(PlanSource(), system_name);
    require_bug(PlanSource(), system, slug);
    std::vector<systems::Bug> bugs;
    for (const systems::Bug& bug : system.bugs()) {
        if (slug.empty() || slug == bug.slug) {
            bugs.push_back(bug);
        }
    }
    if (bugs.empty()) {
        throw UsageError("zoo: this build has no bugs in it; build with SQUALL_ZOO=ON");
    }
    return bugs;
}

/// What the flags mean. Throws UsageError naming the flag.
ZooOptions checked(const Typed& typed) {
    ZooOptions options = typed.zoo;
    if (options.tier != "sim" && options.tier != "process") {
        throw UsageError(fmt::format("--tier: '{}' is neither sim nor process", options.tier));
    }
    const auto from_one = [](const char* flag, std::uint64_t value, std::uint64_t most) {
        if (value < 1 || value > most) {
            throw UsageError(fmt::format("{}: {} is not from 1 to {}", flag, value, most));
        }
    };
    constexpr std::uint64_t usual = 5;
    options.tries = typed.tries.value_or(options.simulated() ? usual : 1);
    from_one("--tries", options.tries, 1000);
    from_one("--seeds", options.seeds, try_distance);
    from_one("--alone-seeds", options.alone_seeds, try_distance);
    from_one("--jobs", options.jobs, options.simulated() ? 256 : clusters_max);
    const std::string limit = typed.limit.empty() && !options.simulated() ? "5m" : typed.limit;
    if (!limit.empty()) {
        options.seconds_max = std::chrono::duration<double>(read_budget("--limit", limit)).count();
    }
    if (!typed.shrink_budget.empty()) {
        if (options.simulated() || options.no_shrink) {
            throw UsageError(
                "--shrink-budget: for --tier process, without --no-shrink; what the simulator "
                "tries is bounded by a number of plans, not by time");
        }
        options.shrink_seconds_max =
            std::chrono::duration<double>(read_budget("--shrink-budget", typed.shrink_budget))
                .count();
    }
    return options;
}

/// All that the score of a bug depends on.
std::string settings_of(const ZooOptions& options) {
    return fmt::format("{}, tier {}, {} tries of {} seeds and {} s from {}, {} alone{}{}",
                       version(),
                       options.tier,
                       options.tries,
                       options.seeds,
                       options.seconds_max,
                       options.seed,
                       options.no_alone ? 0 : options.alone_seeds,
                       options.no_shrink ? ", not shrunk" : "",
                       options.shrink_seconds_max > 0
                           ? fmt::format(", {} s to shrink", options.shrink_seconds_max)
                           : std::string());
}

int run(const Typed& typed) {
    const ZooOptions options = checked(typed);
    const std::vector<systems::Bug> bugs = chosen_bugs(options.bug);
    const KeptScores kept(typed.out, settings_of(options));
    const std::atomic<int>& stop_requests = watch_stop_signals();
    if (!options.simulated()) {
        process::live_under_a_reaper();
    }
    ZooSweep sweep(bugs, options, kept, stop_requests);
    Scorecard card{.tier = options.tier,
                   .base = options.seed,
                   .seeds_max = options.seeds,
                   .seconds_max = options.seconds_max,
                   .bugs = sweep.go()};
    if (card.bugs.size() < bugs.size()) {
        fmt::print(stderr,
                   "squall: interrupted; {}\n",
                   typed.out.empty() ? "with --out DIR it could go on later"
                                     : "the same command goes on with the others");
    } else {
        kept.keep(card);
    }
    fmt::print("{}", typed.json ? to_json(card) : to_text(card));
    const bool all =
        card.bugs.size() == bugs.size() && std::ranges::all_of(card.bugs, &BugScore::convicted);
    return all ? 0 : 1;
}

}  // namespace

void add_zoo_command(CLI::App& app, Command* chosen) {
    CLI::App* command =
        app.add_subcommand("zoo", "The detection scorecard: are documented bugs convicted?");
    auto typed = std::make_shared<Typed>();
    ZooOptions& options = typed->zoo;
    command->add_option("--tier", options.tier, "sim, or process for real ones")
        ->capture_default_str();
    command->add_option("--bug", options.bug, "This one only (see squall list)");
    command
        ->add_option("--tries",
                     typed->tries,
                     "Independent tries to convict a bug; default: 5, for tier process 1")
        ->check(whole_number_problem);
    command->add_option("--seeds", options.seeds, "Seeds of a try, at most")
        ->check(whole_number_problem)
        ->capture_default_str();
    command->add_option(
        "--limit", typed->limit, "Time of a try, at most; default: 5m for tier process, else none");
    command->add_option("--seed", options.seed, "First seed of the first try")
        ->check(whole_number_problem)
        ->capture_default_str();
    command->add_option("--jobs", options.jobs, "Bugs side by side")->capture_default_str();
    command
        ->add_option("--alone-seeds", options.alone_seeds, "Seeds for each detector alone, at most")
        ->check(whole_number_problem)
        ->capture_default_str();
    command->add_flag(
        "--no-alone", options.no_alone, "Leave out what each detector finds alone (tier sim)");
    command->add_flag(
        "--no-shrink", options.no_shrink, "Leave failing runs as they are (tier sim)");
    command->add_option("--shrink-budget",
                        typed->shrink_budget,
                        "Time to shrink each conviction of tier process; default: none");
    command->add_option(
        "--out", typed->out, "Directory for scores and plans; one from before is gone on with");
    command->add_flag("--json", typed->json, "Machine-readable");
    command->callback([chosen, typed] { *chosen = [typed] { return run(*typed); }; });
}

}  // namespace squall::harness::cli
