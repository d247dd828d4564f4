#include "harness/cli/suite_session.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <ctime>
#include <exception>
#include <map>
#include <utility>
#include <variant>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "harness/cli/suite_attempt.hpp"
#include "harness/cli/suite_ledger.hpp"
#include "harness/cli/suite_owner.hpp"
#include "harness/cli/suite_progress.hpp"
#include "harness/process/child.hpp"
#include "harness/suite/cell_course.hpp"
#include "harness/suite/schedule.hpp"

namespace squall::harness::cli {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using suite::Cell;

constexpr auto tick = std::chrono::milliseconds(200);
constexpr auto heartbeat_interval = std::chrono::seconds(1);
/// A kill loses at most this much of a simulated cell.
constexpr double attempt_max_s = 600;

double seconds(Clock::duration duration) {
    return std::chrono::duration<double>(duration).count();
}

Clock::duration from_seconds(double value) {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(value));
}

}  // namespace

class SuiteSession::Impl {
  public:
    Impl(store::ResultsStore& store,
         const store::SuiteRow& suite,
         const suite::SuiteFile& file,
         const std::vector<Cell>& cells,
         const SessionOptions& options)
        : store_(store),
          suite_(suite),
          file_(file),
          cells_(cells),
          options_(options),
          timer_(io_),
          ledger_(store, suite, cells, {file.void_retries, file.failures_per_cell}) {}

    SessionEnd run() {
        begin_tick();
        io_.run();
        running_.clear();  // Kills what still runs.
        if (problem_) {
            std::rethrow_exception(problem_);
        }
        if (end_ == SessionEnd::interrupted) {
            ledger_.lose_open_attempts();
        }
        if (end_ != SessionEnd::taken_over) {
            static_cast<void>(store_.heartbeat(suite_.id, suite_.owner, elapsed_ms(), unix_ms()));
        }
        return end_;
    }

    [[nodiscard]] std::int64_t elapsed_ms() const {
        return suite_.elapsed_ms + static_cast<std::int64_t>(seconds(Clock::now() - begun_) * 1000);
    }

  private:
    struct Running {
        suite::Again what;
        SuiteLedger::Begun attempt;
        Clock::time_point begun;
        Clock::time_point share_until;
        Clock::time_point killed_at;
        bool timed_out = false;
        std::unique_ptr<process::Child> child;
    };

    // ---- time

    [[nodiscard]] double left_s() const {
        if (!file_.budget.until_minute) {
            return file_.budget.seconds - static_cast<double>(elapsed_ms()) / 1000;
        }
        const auto started = std::time_t{suite_.started / 1000};
        std::tm local{};
        ::localtime_r(&started, &local);
        const int second = (local.tm_hour * 60 + local.tm_min) * 60 + local.tm_sec;
        const double whole = suite::seconds_until(*file_.budget.until_minute, second);
        return whole - static_cast<double>(unix_ms() - suite_.started) / 1000;
    }

    void begin_tick() {
        timer_.expires_after(tick);
        timer_.async_wait([this](const boost::system::error_code& error) {
            if (!error) {
                guarded([this] { on_tick(); });
            }
        });
        guarded([this] { go_on(); });
    }

    /// What goes wrong in a callback ends the session.
    template <typename Work>
    void guarded(const Work& work) {
        try {
            work();
        } catch (...) {
            problem_ = std::current_exception();
            io_.stop();
        }
    }

    void end(SessionEnd how) {
        end_ = how;
        io_.stop();
    }

    void on_tick() {
        const Clock::time_point now = Clock::now();
        if (options_.stop_requests != nullptr && *options_.stop_requests > 0) {
            line_.say("interrupted; the same command resumes it");
            return end(SessionEnd::interrupted);
        }
        if (now - beaten_ >= heartbeat_interval) {
            beaten_ = now;
            if (!store_.heartbeat(suite_.id, suite_.owner, elapsed_ms(), unix_ms())) {
                line_.say("another squall has taken the suite over");
                return end(SessionEnd::taken_over);
            }
        }
        for (auto& [ordinal, running] : running_) {
            if (now >= running.killed_at && !running.timed_out) {
                running.timed_out = true;
                running.child->signal(SIGKILL);
            }
        }
        show();
        begin_tick();
    }

    // ---- cells

    [[nodiscard]] suite::ScheduleState state() const {
        suite::ScheduleState state{.left_s = left_s(),
                                   .jobs = options_.jobs,
                                   .process_jobs = options_.process_jobs,
                                   .pending = {},
                                   .running = {}};
        const Clock::time_point now = Clock::now();
        for (std::uint32_t i = 0; i < cells_.size(); ++i) {
            if (const auto running = running_.find(i); running != running_.end()) {
                state.running.push_back(
                    {i, cells_[i].tier, seconds(running->second.share_until - now)});
            } else if (ledger_.pending(i)) {
                state.pending.push_back({i, cells_[i].tier, cells_[i].weight, cells_[i].run_s});
            }
        }
        return state;
    }

    /// Starts what can be started; ends what has no time left.
    void go_on() {
        for (;;) {
            const suite::ScheduleState now = state();
            if (now.pending.empty() && now.running.empty()) {
                return end(SessionEnd::finished);
            }
            for (const std::uint32_t ordinal : suite::out_of_time(now)) {
                ledger_.give_up(ordinal, "the budget was spent before its turn");
            }
            const std::optional<suite::Start> start = suite::next_cell(state());
            if (!start) {
                if (state().pending.empty() && running_.empty()) {
                    end(SessionEnd::finished);
                }
                return;
            }
            const Clock::time_point until = Clock::now() + from_seconds(start->share_s);
            step(start->ordinal, until);
        }
    }

    /// The cell's next attempt, or its end.
    void step(std::uint32_t ordinal, Clock::time_point share_until) {
        const suite::NextStep next = ledger_.next(ordinal, seconds(share_until - Clock::now()));
        if (const auto* done = std::get_if<store::CellEnd>(&next)) {
            ledger_.finish(ordinal, *done);
        } else {
            start(ordinal, std::get<suite::Again>(next), share_until);
        }
    }

    void start(std::uint32_t ordinal, suite::Again what, Clock::time_point share_until) {
        const double longest = file_.cell_timeout_s > 0
                                   ? std::min(attempt_max_s, file_.cell_timeout_s / 2)
                                   : attempt_max_s;
        what.for_s = std::clamp(what.for_s, 0.1, longest);
        Running running{.what = what,
                        .attempt = ledger_.begin(ordinal, what.first_seed),
                        .begun = Clock::now(),
                        .share_until = share_until};
        const AttemptOrder order = order_of(ordinal, running);
        running.killed_at = running.begun + timeout_of(order, file_.cell_timeout_s);
        prepare_attempt(order);
        running.child = std::make_unique<process::Child>(
            io_,
            process::Command{
                options_.program, arguments_of(order), order.directory + "/output.log"},
            [this, ordinal](int status) { guarded([=, this] { on_exit(ordinal, status); }); });
        running_.emplace(ordinal, std::move(running));
    }

    [[nodiscard]] AttemptOrder order_of(std::uint32_t ordinal, const Running& running) const {
        return {cells_[ordinal], running.what, running.attempt.directory, file_.shrink_s};
    }

    void on_exit(std::uint32_t ordinal, int status) {
        Running running = std::move(running_.at(ordinal));
        running_.erase(ordinal);
        const auto duration =
            std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - running.begun);
        const store::AttemptEnd ended = read_attempt(
            order_of(ordinal, running), {status, running.timed_out, duration.count(), unix_ms()});
        const suite::NextStep next =
            ledger_.end(ordinal,
                        running.attempt,
                        running.what.first_seed,
                        ended,
                        std::min(seconds(running.share_until - Clock::now()), left_s()));
        note(cells_[ordinal], ended);
        if (stops_after(cells_[ordinal], ended)) {
            return stop_after_failure();
        }
        if (const auto* again = std::get_if<suite::Again>(&next)) {
            start(ordinal, *again, running.share_until);
        }
        go_on();
    }

    void note(const Cell& cell, const store::AttemptEnd& ended) {
        for (const store::NewFailure& failure : ended.failures) {
            line_.say(fmt::format(
                "INVALID  {}  seed {}: {}", cell.name, failure.seed, failure.signature));
        }
        if (ended.verdict == "unknown" || ended.verdict == "void") {
            line_.say(fmt::format("{}  {}: {}",
                                  ended.verdict == "void" ? "VOID    " : "UNKNOWN ",
                                  cell.name,
                                  ended.reason));
        }
    }

    [[nodiscard]] bool stops_after(const Cell& cell, const store::AttemptEnd& ended) const {
        return options_.stop_on_failure &&
               std::ranges::any_of(ended.failures, [&](const store::NewFailure& failure) {
                   return !options_.counts || options_.counts(cell, failure);
               });
    }

    void stop_after_failure() {
        running_.clear();
        ledger_.lose_open_attempts();
        for (std::uint32_t i = 0; i < cells_.size(); ++i) {
            if (ledger_.pending(i)) {
                ledger_.finish(i,
                               {store::CellState::not_run, "", "stopped after the first failure"});
            }
        }
        end(SessionEnd::finished);
    }

    void show() {
        SuiteProgress progress;
        progress.elapsed_s = static_cast<double>(elapsed_ms()) / 1000;
        progress.left_s = suite::seconds_to_end(state());
        progress.cells = cells_.size();
        progress.ended = ledger_.ended_cells();
        progress.seeds = ledger_.seeds();
        progress.failures = ledger_.failures();
        for (const auto& [ordinal, running] : running_) {
            progress.running.push_back(cells_[ordinal].name);
        }
        line_.show(progress);
    }

    store::ResultsStore& store_;
    const store::SuiteRow& suite_;
    const suite::SuiteFile& file_;
    const std::vector<Cell>& cells_;
    const SessionOptions& options_;
    asio::io_context io_;
    asio::steady_timer timer_;
    SuiteLedger ledger_;
    Clock::time_point begun_ = Clock::now();
    Clock::time_point beaten_{};
    std::map<std::uint32_t, Running> running_;
    SuiteProgressLine line_;
    SessionEnd end_ = SessionEnd::interrupted;
    std::exception_ptr problem_;
};

SuiteSession::SuiteSession(store::ResultsStore& store,
                           const store::SuiteRow& suite,
                           const suite::SuiteFile& file,
                           const std::vector<Cell>& cells,
                           const SessionOptions& options)
    : impl_(std::make_unique<Impl>(store, suite, file, cells, options)) {}

SuiteSession::~SuiteSession() = default;

SessionEnd SuiteSession::run() {
    return impl_->run();
}

std::int64_t SuiteSession::elapsed_ms() const {
    return impl_->elapsed_ms();
}

}  // namespace squall::harness::cli
