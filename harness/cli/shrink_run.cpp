#include "harness/cli/shrink_run.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "harness/cli/attempts_log.hpp"
#include "harness/cli/process_run.hpp"
#include "harness/cli/read_files.hpp"
#include "harness/cli/run_directory.hpp"
#include "harness/cli/shrink_record.hpp"
#include "harness/cli/shrink_summary.hpp"
#include "harness/cli/simulated_run.hpp"
#include "harness/cli/stopwatch.hpp"
#include "harness/cli/version.hpp"
#include "harness/failure.hpp"
#include "harness/judge.hpp"
#include "harness/report/terminal.hpp"
#include "harness/shrink/fault_edits.hpp"
#include "harness/shrink/session.hpp"
#include "harness/shrink/size.hpp"
#include "history/random.hpp"

namespace squall::harness::cli {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using shrink::SessionOptions;
using shrink::Shrunk;

constexpr const char* attempts_file = "attempts.log";

/// The part that is the same wherever plans are run.
class Shrinking {
  public:
    Shrinking(const FailedRun& run, const ShrinkOptions& options)
        : run_(run), options_(options), directory_(run.directory + "/shrunk") {
        prepare();
    }

    virtual ~Shrinking() = default;
    Shrinking(const Shrinking&) = delete;
    Shrinking& operator=(const Shrinking&) = delete;

    int go() {
        SessionOptions session = session_options();
        session.out_of_time = [this] { return Clock::now() - begun_ >= options_.budget; };
        session.stop = [this] {
            return options_.stop_requests != nullptr && *options_.stop_requests > 0;
        };
        const auto learn = std::exchange(session.learn, {});
        session.learn = [&](const Plan& plan, const shrink::Tried& tried, const Plan& best) {
            learn(plan, tried, best);
            ++attempts_;
            show(best);
        };
        const Shrunk shrunk = shrink::shrink(run_.observed, session);
        hide();
        if (shrunk.base.failed == 0) {
            if (shrunk.runs > 0) {
                record_shrinkage(run_.directory, measured(shrunk), std::nullopt);
            }
            fmt::print("\nnot shrunk: {} did not fail again {}\n",
                       run_.check,
                       shrunk.runs == 0 ? std::string("before the time was up")
                                        : fmt::format("in {} runs of the same plan", shrunk.runs));
            return exit_code(RunVerdict::unknown);
        }
        keep(shrunk);
        if (std::error_code ignored; fs::exists(directory_ + "/report.html", ignored)) {
            record_shrinkage(run_.directory, measured(shrunk), shrinkage(shrunk));
        }
        print(shrunk);
        return exit_code(shrunk.confirmed.failed > 0 ? RunVerdict::invalid : RunVerdict::unknown);
    }

  protected:
    [[nodiscard]] virtual SessionOptions session_options() = 0;

    /// Puts a failing run of the plan into the directory, with how often it failed.
    virtual void keep(const Shrunk& shrunk) = 0;

    void note(const Shrunk& shrunk, Results& results) const {
        results.plan_given = true;
        results.directory = directory_;
        results.shrunk_from = shrinkage(shrunk);
        results.reproduction = Reproduction{.check = run_.check,
                                            .failed = shrunk.confirmed.failed,
                                            .runs = shrunk.confirmed.runs,
                                            .failed_before = shrunk.base.failed,
                                            .runs_before = shrunk.base.runs};
    }

    [[nodiscard]] bool fails(const Results& results) const {
        return shrink::fails(results, run_.check);
    }

    [[nodiscard]] const FailedRun& run() const { return run_; }

    [[nodiscard]] const ShrinkOptions& options() const { return options_; }

    [[nodiscard]] const std::string& directory() const { return directory_; }

  private:
    /// Of an earlier shrinking only what it has learnt stays.
    void prepare() const {
        forget_shrinkage(run_.directory);
        std::error_code error;
        fs::create_directories(directory_, error);
        for (const auto& entry : fs::directory_iterator(directory_, error)) {
            if (entry.path().filename() != attempts_file) {
                fs::remove_all(entry.path(), error);
            }
        }
        if (error) {
            throw Failure("cannot make the directory " + directory_ + ": " + error.message());
        }
    }

    /// How often the run itself failed when what happened in it was run again.
    [[nodiscard]] Reproduction measured(const Shrunk& shrunk) const {
        const bool tried = shrunk.base.runs > 0;
        return {.check = run_.check,
                .failed = shrunk.base.failed,
                .runs = tried ? shrunk.base.runs : shrunk.runs};
    }

    [[nodiscard]] Shrinkage shrinkage(const Shrunk& shrunk) const {
        return {.before = size(run_.observed.plan),
                .after = size(shrunk.plan),
                .complete = shrunk.complete,
                .failed = shrunk.confirmed.failed,
                .runs = shrunk.confirmed.runs};
    }

    [[nodiscard]] shrink::Size size(const Plan& plan) const {
        return shrink::size_of(plan, run_.observed.operations.size());
    }

    [[nodiscard]] double seconds() const { return seconds_since(begun_); }

    void show(const Plan& best) {
        const Clock::time_point now = Clock::now();
        if (!terminal_ || now - shown_ < std::chrono::milliseconds(200)) {
            return;
        }
        shown_ = now;
        fmt::print(stderr,
                   "\r\x1b[K  shrinking {:.0f} s, {} plans tried: {}",
                   seconds(),
                   attempts_,
                   shrink::to_text(size(best)));
        std::fflush(stderr);
    }

    void hide() const {
        if (terminal_) {
            fmt::print(stderr, "\r\x1b[K");
            std::fflush(stderr);
        }
    }

    void print(const Shrunk& shrunk) const {
        Results told;
        told.command = run_.command;
        told.plan = run_.observed.plan;
        told.directory = run_.directory;
        told.verdict = RunVerdict::invalid;
        told.reproduction = measured(shrunk);
        told.shrunk_to = shrinkage(shrunk);
        print_shrunk(told, shrunk, seconds());
    }

    const FailedRun& run_;
    const ShrinkOptions& options_;
    std::string directory_;
    Clock::time_point begun_ = Clock::now();
    Clock::time_point shown_{};
    std::uint64_t attempts_ = 0;
    bool terminal_ = ::isatty(STDERR_FILENO) == 1;
};

class SimulatedShrinking final : public Shrinking {
  public:
    using Shrinking::Shrinking;

  protected:
    [[nodiscard]] SessionOptions session_options() override {
        SessionOptions session = shrink::exact();
        session.run = [this](const Plan& plan) {
            return fails(
                judge(sim::simulate(plan).record, {.version = version(), .command = "sim"}));
        };
        return session;
    }

    void keep(const Shrunk& shrunk) override {
        SimulatedRun smallest = simulate_with_traces(shrunk.plan);
        note(shrunk, smallest.results);
        write_simulated_run(directory(), smallest);
    }
};

class ProcessShrinking final : public Shrinking {
  public:
    ProcessShrinking(const FailedRun& run, const ShrinkOptions& options)
        : Shrinking(run, options),
          log_(directory() + "/" + attempts_file,
               fmt::format("{} {} {}",
                           version(),
                           run.check,
                           history::stream_hash(to_json(run.observed.plan)))) {
        if (log_.size() > 0) {
            fmt::print(stderr, "squall: {} plans are known from before\n", log_.size());
        }
    }

  protected:
    [[nodiscard]] SessionOptions session_options() override {
        SessionOptions session;
        session.confirm_runs = options().confirm_runs;
        session.run = [this](const Plan& plan) { return run_once(plan); };
        session.recall = [this](const Plan& plan) { return log_.recall(plan); };
        session.learn = [this](const Plan& plan, const shrink::Tried& tried, const Plan& best) {
            log_.learn(plan, tried);
            if (tried.fails) {
                write_file(directory() + "/plan.json", to_json(best));
            }
        };
        return session;
    }

    /// The run that failed last is one of the plan that was confirmed last.
    void keep(const Shrunk& shrunk) override {
        std::error_code error;
        for (const auto& entry : fs::directory_iterator(failed_, error)) {
            const fs::path target = fs::path(directory()) / entry.path().filename();
            fs::remove_all(target, error);
            fs::rename(entry.path(), target, error);
        }
        fs::remove_all(failed_, error);
        write_file(directory() + "/plan.json", to_json(shrunk.plan));
        const std::string kept = directory() + "/results.json";
        if (!fs::exists(kept, error)) {
            return;  // No run failed again: there is only the plan.
        }
        Results results = read_results(kept, shrunk.plan);
        note(shrunk, results);
        write_reports(directory(),
                      results,
                      read_history(directory() + "/history.jsonl"),
                      load_node_traces(directory(), shrunk.plan.nodes));
    }

  private:
    bool run_once(const Plan& plan) {
        std::error_code ignored;
        fs::remove_all(trial_, ignored);
        const std::string directory = make_run_directory(plan, trial_);
        const ProcessRun tried = run_on_processes(
            plan,
            directory,
            {.node_binary = options().node_binary, .stop_requests = options().stop_requests});
        const bool failed = fails(tried.results);
        if (failed) {
            write_process_run(directory, tried);
            fs::remove_all(failed_, ignored);
            fs::rename(trial_, failed_, ignored);
        }
        fs::remove_all(trial_, ignored);
        return failed;
    }

    AttemptsLog log_;
    std::string trial_ = directory() + "/trial";
    std::string failed_ = directory() + "/failed";
};

}  // namespace

int shrink_run(const FailedRun& run, const ShrinkOptions& options) {
    if (run.command == "sim") {
        return SimulatedShrinking(run, options).go();
    }
    return ProcessShrinking(run, options).go();
}

}  // namespace squall::harness::cli
