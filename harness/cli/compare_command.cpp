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

#include "harness/cli/compare_course.hpp"
#include "harness/cli/compare_options.hpp"
#include "harness/cli/compare_scratch.hpp"
#include "harness/cli/compare_session.hpp"
#include "harness/cli/compare_shrink.hpp"
#include "harness/cli/compare_sides.hpp"
#include "harness/cli/compare_tool.hpp"
#include "harness/cli/plan_options.hpp"
#include "harness/cli/run_directory.hpp"
#include "harness/cli/shrink_run.hpp"
#include "harness/cli/stop_signals.hpp"
#include "harness/cli/stopwatch.hpp"
#include "harness/cli/version.hpp"
#include "harness/failure.hpp"
#include "harness/process/reaper.hpp"

namespace squall::harness::cli {
namespace {

namespace fs = std::filesystem;
using Clock = CompareSession::Clock;

constexpr int exit_void = 3;

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
        const bool as_injected = real && failure.shrunk.empty();
        again.plan_file = directory + (as_injected ? "/realised.json" : "/plan.json");
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
        run_course(options, session, sides);
        session.found.interrupted |= session.stop_requests > 0;
        session.found.compare_seconds = seconds_since(session.begun);
        if (options.commands() && options.system == "raft-node" &&
            session.found.decider.total().pairs == 0) {
            session.found.remarks.emplace_back(
                "both programs were started with the flags of raft-node; if they speak Maelstrom's "
                "protocol, say --system maelstrom");
        }
        session.found.decision = session.found.decider.decision(
            session.found.interrupted
                ? fmt::format(
                      "interrupted after {:.0f} s of {:.0f} s; this is what was found so far",
                      session.found.compare_seconds,
                      session.found.budget_seconds)
                : "");
        if (options.plan_file.empty()) {
            shrink_failures(session, sides, read_budget("--shrink-budget", options.shrink_budget));
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
                           .bug_sites = {},
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
        session.found.decision = {
            compare::Verdict::not_built,
            {fmt::format("{} does not build: {}", error.side(), error.what())}};
        write_all(session);
        fmt::print(stderr,
                   "squall: void: {} does not build; whole output in {}/*-build.log:\n{}",
                   error.side(),
                   session.directory,
                   error.what());
        return compare::exit_code(compare::Verdict::not_built);
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
