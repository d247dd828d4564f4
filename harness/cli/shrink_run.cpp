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
#include "harness/cli/simulated_run.hpp"
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
            fmt::print("\nnot shrunk: {} did not fail again {}\n",
                       run_.check,
                       shrunk.runs == 0 ? std::string("before the time was up")
                                        : fmt::format("in {} runs of the same plan", shrunk.runs));
            return exit_code(RunVerdict::unknown);
        }
        keep(shrunk);
        print(shrunk);
        return exit_code(shrunk.confirmed.failed > 0 ? RunVerdict::invalid : RunVerdict::unknown);
    }

  protected:
    [[nodiscard]] virtual SessionOptions session_options() = 0;

    /// Puts a failing run of the plan into the directory, with how often it failed.
    virtual void keep(const Shrunk& shrunk) = 0;

    [[nodiscard]] virtual std::string reproduction(const Shrunk& shrunk) const = 0;

    void note(const Shrunk& shrunk, Results& results) const {
        results.plan_given = true;
        results.directory = directory_;
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

    [[nodiscard]] shrink::Size size(const Plan& plan) const {
        return shrink::size_of(plan, run_.observed.operations.size());
    }

    [[nodiscard]] double seconds() const {
        return std::chrono::duration<double>(Clock::now() - begun_).count();
    }

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
        fmt::print("\nshrunk{}: {} still fails\n",
                   shrunk.complete ? "" : " as far as time allowed",
                   run_.check);
        fmt::print("  before      {}\n", shrink::to_text(size(run_.observed.plan)));
        fmt::print("  after       {}\n", shrink::to_text(size(shrunk.plan)));
        constexpr std::size_t shown_max = 8;
        for (std::size_t i = 0; i < shrunk.plan.faults.size() && i < shown_max; ++i) {
            const nemesis::PlannedFault& fault = shrunk.plan.faults[i];
            fmt::print("  {}  {} from {:.3f} s to {:.3f} s\n",
                       i == 0 ? "faults    " : "          ",
                       fault.action ? shrink::words_of(*fault.action)
                                    : fmt::format("{} {}", fault.name, fault.shape),
                       std::chrono::duration<double>(fault.at).count(),
                       std::chrono::duration<double>(fault.at + fault.duration).count());
        }
        fmt::print("  tried       {} plans in {} runs and {:.1f} s\n",
                   shrunk.attempts,
                   shrunk.runs,
                   seconds());
        fmt::print("  reproduces  {}\n", reproduction(shrunk));
        fmt::print(
            "  replay      scripts/squall {} --plan {}/plan.json\n", run_.command, directory_);
        if (std::error_code ignored; fs::exists(directory_ + "/report.html", ignored)) {
            fmt::print("  report      {}/report.html\n", directory_);
        }
        fmt::print("  kept in     {}\n", directory_);
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

    [[nodiscard]] std::string reproduction(const Shrunk& /*shrunk*/) const override {
        return "every time: the simulator is exact";
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

    [[nodiscard]] std::string reproduction(const Shrunk& shrunk) const override {
        return fmt::format("failed in {} of {} runs (the run before shrinking in {} of {})",
                           shrunk.confirmed.failed,
                           shrunk.confirmed.runs,
                           shrunk.base.failed,
                           shrunk.base.runs);
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

std::chrono::nanoseconds read_budget(const std::string& flag, const std::string& text) {
    double amount = 0;
    char unit = 's';
    char rest = 0;
    const int read = std::sscanf(text.c_str(), "%lf%c%c", &amount, &unit, &rest);
    const double seconds = unit == 's' ? 1 : (unit == 'm' ? 60 : (unit == 'h' ? 3600 : 0));
    constexpr double most = 7 * 24 * 3600;
    if (read < 1 || read > 2 || seconds == 0 || !(amount * seconds > 0) ||
        amount * seconds > most) {
        throw UsageError(flag + ": must be a time such as 90s, 5m or 1h, at most a week");
    }
    return std::chrono::nanoseconds(static_cast<std::int64_t>(amount * seconds * 1e9));
}

}  // namespace squall::harness::cli
