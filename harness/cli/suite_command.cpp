#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <numeric>
#include <optional>
#include <system_error>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "harness/cli/commands.hpp"
#include "harness/cli/plan_options.hpp"
#include "harness/cli/stop_signals.hpp"
#include "harness/cli/suite_dry_run.hpp"
#include "harness/cli/suite_input.hpp"
#include "harness/cli/suite_outputs.hpp"
#include "harness/cli/suite_owner.hpp"
#include "harness/cli/suite_session.hpp"
#include "harness/cli/version.hpp"
#include "harness/failure.hpp"
#include "harness/store/sqlite_store.hpp"
#include "harness/suite/priority.hpp"
#include "harness/suite/summary_outputs.hpp"
#include "history/random.hpp"

namespace squall::harness::cli {
namespace {

namespace fs = std::filesystem;

constexpr int exit_void = 3;

struct SuiteOptions {
    std::string file;
    unsigned jobs = 0;
    std::string store = "runs/suites.db";
    std::string out;
    std::string budget;
    bool stop_on_failure = false;
    bool dry_run = false;
    bool fresh = false;
};

/// The suite as it is to be run.
struct Suite {
    std::string path;
    suite::SuiteFile file;
    suite::Expansion expansion;
    std::string fingerprint;
};

Suite read(const SuiteOptions& options) {
    Suite suite;
    suite.path = find_suite_file(options.file);
    const std::string text = read_suite_text(suite.path);
    const suite::Vocabulary vocabulary = suite_vocabulary(suite.path);
    suite.file = suite::read_suite(text, suite.path, vocabulary);
    suite.expansion = suite::expand(suite.file, suite.path, vocabulary);
    suite.fingerprint = fmt::format("{:016x}", history::stream_hash(text + options.budget));
    if (!options.budget.empty()) {
        suite.file.budget = suite::budget_of("--budget", options.budget);
    }
    if (options.jobs > suite::limits::jobs_max) {
        throw UsageError(
            fmt::format("--jobs: {} is not from 1 to {}", options.jobs, suite::limits::jobs_max));
    }
    suite.file.jobs = options.jobs > 0 ? options.jobs : suite.file.jobs;
    if (suite.file.process_jobs == 0) {
        suite.file.process_jobs = std::max(1U, suite.file.jobs / 2);
    }
    suite.file.process_jobs = std::min(suite.file.process_jobs, suite.file.jobs);
    return suite;
}

std::string absolute(const std::string& path) {
    std::error_code error;
    const fs::path result = fs::absolute(path, error);
    return error ? path : result.lexically_normal().string();
}

/// A suite that was begun and can be gone on with. Throws UsageError when somebody works on it.
std::optional<store::SuiteRow> resumable(store::ResultsStore& store,
                                         const Suite& suite,
                                         const SuiteOptions& options,
                                         const store::Owner& me) {
    std::optional<store::SuiteRow> row = store.unfinished(suite.file.name);
    if (!row || options.fresh) {
        return std::nullopt;
    }
    // Who was just killed may take a moment to be gone.
    for (int i = 0; i < 20 && still_works(row->owner, row->heartbeat, unix_ms()); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    if (still_works(row->owner, row->heartbeat, unix_ms())) {
        throw UsageError(fmt::format(
            "the suite {} is being run by process {} on {}; wait for it, or begin another with "
            "--fresh",
            row->name,
            row->owner.pid,
            row->owner.host));
    }
    constexpr store::UnixMs resumable_for = store::UnixMs{24} * 3600 * 1000;
    std::error_code ignored;
    std::string obstacle;
    if (row->fingerprint != suite.fingerprint) {
        obstacle = "the suite file has changed since";
    } else if (row->version != version()) {
        obstacle = "this is another version of squall";
    } else if (unix_ms() - row->heartbeat > resumable_for) {
        obstacle = "that was more than a day ago";
    } else if (!fs::is_directory(row->directory, ignored)) {
        obstacle = "its directory is gone";
    } else if (!options.out.empty() && absolute(options.out) != row->directory) {
        obstacle = "--out names another directory";
    }
    if (!obstacle.empty()) {
        fmt::print(stderr, "squall: the suite of before is not resumed: {}\n", obstacle);
        store.end_suite(row->id, store::SuiteState::abandoned, "", row->elapsed_ms, unix_ms());
        return std::nullopt;
    }
    if (!store.take_over(row->id, row->owner, me)) {
        throw UsageError(fmt::format("another squall has just resumed the suite {}", row->name));
    }
    return store.suite(row->id);
}

std::string make_directory(const Suite& suite, const std::string& out, store::UnixMs now) {
    const std::string base = out.empty() ? fmt::format("runs/suite-{}-{:%Y%m%dT%H%M%S}",
                                                       suite.file.name,
                                                       fmt::gmtime(std::time_t{now / 1000}))
                                         : out;
    std::error_code error;
    const fs::path parent = fs::path(absolute(base)).parent_path();
    fs::create_directories(parent, error);
    for (int i = 0; i < 100 && !error; ++i) {
        const std::string path = i == 0 ? base : fmt::format("{}-{}", base, i);
        if (fs::create_directory(path, error)) {
            return absolute(path);
        }
        if (!error && !out.empty()) {
            throw UsageError(fmt::format("--out: {} exists already; name a new directory", out));
        }
    }
    throw Failure(fmt::format("cannot create the directory {}: {}", base, error.message()));
}

store::SuiteRow begin(store::ResultsStore& store,
                      const Suite& suite,
                      const SuiteOptions& options,
                      const store::Owner& me) {
    const store::UnixMs now = unix_ms();
    store::NewSuite begun{.name = suite.file.name,
                          .fingerprint = suite.fingerprint,
                          .version = version(),
                          .directory = make_directory(suite, options.out, now),
                          .seed = suite.file.seed.value_or(fresh_seed()),
                          .started = now,
                          .cells = {}};
    for (const suite::Cell& cell : suite.expansion.cells) {
        begun.cells.push_back(cell.name);
    }
    return store.suite(store.begin_suite(begun, me));
}

/// What the cells' past says about where time pays.
void weigh(store::ResultsStore& store, std::vector<suite::Cell>& cells) {
    constexpr store::UnixMs recent = store::UnixMs{14} * 24 * 3600 * 1000;
    const auto past = store.past(unix_ms() - recent);
    for (suite::Cell& cell : cells) {
        const auto found = past.find(cell.name);
        const store::CellPast none;
        const store::CellPast& own = found == past.end() ? none : found->second;
        cell.weight = suite::deserved_weight(cell, own, version());
        if (cell.tier == suite::SuiteTier::process && own.attempt_ms > 0) {
            cell.run_s = static_cast<double>(own.attempt_ms) / 1000;
        }
    }
}

int run(const SuiteOptions& options) {
    Suite suite = read(options);
    const std::string store_path = absolute(options.store);
    if (options.dry_run) {
        std::error_code ignored;
        if (fs::exists(store_path, ignored)) {
            weigh(*store::open_sqlite_store(store_path), suite.expansion.cells);
        }
        fmt::print("{}", dry_run_text(suite.file, suite.expansion));
        return 0;
    }
    const std::atomic<int>& stop_requests = watch_stop_signals();
    const auto store = store::open_sqlite_store(store_path);
    weigh(*store, suite.expansion.cells);
    const store::Owner me = this_process();
    std::optional<store::SuiteRow> row = resumable(*store, suite, options, me);
    const bool resumed = row.has_value();
    if (!row) {
        row = begin(*store, suite, options, me);
    }
    fmt::print(stderr,
               "squall: {} the suite {}, {} cells, {} jobs, seed {}, in {}\n",
               resumed ? "resuming" : "running",
               row->name,
               suite.expansion.cells.size(),
               suite.file.jobs,
               row->seed,
               row->directory);
    const SessionOptions session_options{
        .jobs = suite.file.jobs,
        .process_jobs = suite.file.process_jobs,
        .stop_on_failure = options.stop_on_failure,
        .program = fs::read_symlink("/proc/self/exe").string(),
        .stop_requests = &stop_requests,
        .counts = [&](const suite::Cell& cell, const store::NewFailure& failure) {
            return suite::quarantine_of(
                       suite.file.quarantine, cell.name, failure.check, failure.signature, today())
                .empty();
        }};
    SuiteSession session(*store, *row, suite.file, suite.expansion.cells, session_options);
    const SessionEnd ended = session.run();
    if (ended == SessionEnd::taken_over) {
        return exit_void;
    }
    if (ended == SessionEnd::finished) {
        const suite::SuiteSummary told =
            summary_of(*store, row->id, suite.file, suite.expansion.left_out);
        store->end_suite(
            row->id, store::SuiteState::finished, told.verdict, session.elapsed_ms(), unix_ms());
        make_room(*store, suite.file.disk_bytes);
    }
    const suite::SuiteSummary summary =
        summary_of(*store, row->id, suite.file, suite.expansion.left_out);
    write_outputs(summary);
    fmt::print("{}", suite::terminal_text(summary, row->directory));
    return ended == SessionEnd::finished ? suite::exit_code(summary) : exit_void;
}

}  // namespace

void add_suite_command(CLI::App& app, Command* chosen) {
    CLI::App* command =
        app.add_subcommand("suite", "A matrix of cells, for a night or five minutes");
    auto options = std::make_shared<SuiteOptions>();
    command
        ->add_option("file",
                     options->file,
                     "A suite file (docs/suites.md), or the name of one in scripts/suites: smoke, "
                     "pr, nightly")
        ->required();
    command->add_option("--jobs", options->jobs, "Cells side by side; default: what the file says");
    command->add_option("--budget",
                        options->budget,
                        "Instead of the file's: a time such as 90s, 5m or 8h, or \"until 02:00\"");
    command->add_option("--store", options->store, "Results of all nights, one SQLite file")
        ->capture_default_str();
    command->add_option(
        "--out", options->out, "New directory for runs and reports; default: one under runs/");
    command->add_flag(
        "--stop-on-failure", options->stop_on_failure, "End with the first failure that counts");
    command->add_flag(
        "--dry-run", options->dry_run, "Only say what would be run, and for how long");
    command->add_flag(
        "--fresh", options->fresh, "Begin anew even if there is a suite that can be resumed");
    command->callback([chosen, options] { *chosen = [options] { return run(*options); }; });
}

}  // namespace squall::harness::cli
