// squall explore: every order of events of a small cluster of real cores, within bounds.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <limits>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "harness/cli/commands.hpp"
#include "harness/cli/shrink_run.hpp"
#include "harness/cli/stop_signals.hpp"
#include "harness/cli/whole_number.hpp"
#include "harness/explore/report.hpp"
#include "harness/failure.hpp"

namespace squall::harness::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;
/// Between two looks at the clock.
constexpr std::uint64_t states_at_once = 1000;

struct ExploreOptions {
    std::uint64_t nodes = 3;
    std::array<std::uint64_t, explore::budget_count> budgets{};
    std::uint64_t events = 3;
    std::string start = "fresh";
    std::string disks = "real";
    std::uint64_t batch = 0;
    std::uint64_t depth = 0;
    std::uint64_t max_states = 0;
    std::uint64_t memory_mib = 4096;
    std::string time = "10m";
    std::string bug;
    bool no_assertions = false;
    bool no_symmetry = false;
    bool json = false;

    ExploreOptions() {
        const explore::Budgets defaults = explore::Options().budgets;
        std::copy(defaults.begin(), defaults.end(), budgets.begin());
    }
};

void require_range(const std::string& flag,
                   std::uint64_t value,
                   std::uint64_t least,
                   std::uint64_t most) {
    if (value < least || value > most) {
        throw UsageError(fmt::format("{}: {} is not from {} to {}", flag, value, least, most));
    }
}

bool one_of_two(const std::string& flag,
                const std::string& value,
                const std::string& no,
                const std::string& yes) {
    if (value != no && value != yes) {
        throw UsageError(fmt::format("{}: '{}' is neither {} nor {}", flag, value, no, yes));
    }
    return value == yes;
}

explore::Options space_of(const ExploreOptions& given) {
    require_range("--nodes", given.nodes, explore::nodes_min, explore::nodes_max);
    explore::Options options;
    options.nodes = static_cast<std::uint32_t>(given.nodes);
    for (std::size_t i = 0; i < explore::budget_count; ++i) {
        require_range(fmt::format("--{}", explore::budget_names[i]),
                      given.budgets[i],
                      0,
                      explore::budget_max);
        options.budgets[i] = static_cast<std::uint8_t>(given.budgets[i]);
    }
    require_range("--events", given.events, 0, explore::events_max);
    options.events = static_cast<std::uint32_t>(given.events);
    options.start = one_of_two("--start", given.start, "fresh", "elected") ? explore::Start::elected
                                                                           : explore::Start::fresh;
    options.instant_disks = one_of_two("--disks", given.disks, "real", "instant");
    require_range("--batch", given.batch, 0, 10);
    options.batch = static_cast<std::uint32_t>(given.batch);
    options.symmetry = !given.no_symmetry;
    if (given.no_assertions) {
        options.bugs.switch_assertions_off();
    }
    if (!given.bug.empty()) {
        explore::enable_bug(options, given.bug);
    }
    return options;
}

int run(const ExploreOptions& given) {
    const explore::Options options = space_of(given);
    constexpr std::uint64_t memory_max = std::numeric_limits<std::uint64_t>::max() / mebibyte;
    require_range("--memory", given.memory_mib, 1, memory_max);
    const explore::Limits limits{given.depth, given.max_states, given.memory_mib * mebibyte};
    const std::chrono::nanoseconds time = read_budget("--time", given.time);
    const std::atomic<int>& stop_requests = watch_stop_signals();

    explore::Deepening search(options, limits);
    const Clock::time_point begun = Clock::now();
    while (search.advance(states_at_once) == explore::Stop::none && Clock::now() - begun < time &&
           stop_requests == 0) {
    }
    const std::chrono::duration<double> elapsed = Clock::now() - begun;
    explore::Report report = explore::report_of(search, limits, given.bug);
    report.seconds = elapsed.count();
    explore::Model& model = search.model();
    fmt::print("{}", given.json ? to_json(model, report) : to_text(model, report));
    return exit_code(report.stop);
}

constexpr std::array budget_helps{
    "Election timers that fire and leaders that step down, all nodes together",
    "Heartbeat timers that fire",
    "Crashes, each followed by a start; what was not durable is lost",
    "Commands that clients propose to leaders",
    "Reads that clients ask leaders for",
    "Messages that arrive twice",
    "Messages that get lost; any may stay on the way for ever without it"};
static_assert(budget_helps.size() == explore::budget_count);

}  // namespace

void add_explore_command(CLI::App& app, Command* chosen) {
    CLI::App* command =
        app.add_subcommand("explore", "Every order of events of a small cluster, within bounds");
    command->footer(
        "Exit codes: 0 the whole space was seen and all is well, 1 a property is violated,\n"
        "2 --depth, --max-states, --memory or --time ended the search, 64 wrong usage.");
    auto options = std::make_shared<ExploreOptions>();
    const auto number = [command](const char* flag, std::uint64_t& value, const char* help) {
        command->add_option(flag, value, help)->check(whole_number_problem)->capture_default_str();
    };
    number("--nodes", options->nodes, "Nodes, 2 to 5");
    for (std::size_t i = 0; i < explore::budget_count; ++i) {
        number(fmt::format("--{}", explore::budget_names[i]).c_str(),
               options->budgets[i],
               budget_helps[i]);
    }
    number("--events", options->events, "Of all these, together; 0: as many as they allow");
    command->add_option("--start", options->start, "fresh, or elected: n1 leads term 1")
        ->capture_default_str();
    command
        ->add_option(
            "--disks", options->disks, "real: a write ends some time, or not; instant: at once")
        ->capture_default_str();
    number("--batch", options->batch, "Entries of one append, at most; 0: any");
    number("--depth", options->depth, "Longest way; 0: any");
    number("--max-states", options->max_states, "Most states; 0: any");
    number("--memory", options->memory_mib, "Most memory, MiB");
    command->add_option("--time", options->time, "Longest time, such as 90s or 5m")
        ->capture_default_str();
    command->add_option("--bug", options->bug, "Switch a documented bug on (see squall list)");
    command->add_flag(
        "--no-assertions", options->no_assertions, "The cores do not check themselves");
    command->add_flag("--no-symmetry",
                      options->no_symmetry,
                      "Keep states apart that differ only in the names of nodes");
    command->add_flag("--json", options->json, "Machine-readable");
    command->callback([chosen, options] { *chosen = [options] { return run(*options); }; });
}

}  // namespace squall::harness::cli
