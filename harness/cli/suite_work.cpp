#include "harness/cli/suite_work.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "harness/cli/suite_attempt.hpp"
#include "harness/cli/suite_failure.hpp"
#include "harness/cli/suite_outputs.hpp"
#include "harness/cli/suite_owner.hpp"

namespace squall::harness::cli {
namespace {

/// A kill loses at most this much of a simulated cell.
constexpr double attempt_max_s = 600;

}  // namespace

SuiteWork::SuiteWork(boost::asio::io_context& io, const Input& input, OnEnd on_end)
    : store_(input.store),
      file_(input.file),
      cells_(input.cells),
      options_(input.options),
      on_end_(std::move(on_end)),
      ledger_(input.store,
              input.suite,
              input.cells,
              {input.file.void_retries, input.file.failures_per_cell}),
      clock_(input.suite, input.file.budget),
      children_(io,
                input.options.program,
                [this](std::uint32_t cell, const SuiteTaskEnd& end) {
                    try {
                        on_exit(cell, end);
                    } catch (...) {
                        on_end_(std::current_exception());
                    }
                }),
      shrinker_(input.file.process_shrink_s) {}

suite::ScheduleState SuiteWork::state() const {
    suite::ScheduleState state{.left_s = clock_.left_s(),
                               .jobs = options_.jobs,
                               .process_jobs = options_.process_jobs,
                               .pending = {},
                               .running = {}};
    for (std::uint32_t i = 0; i < cells_.size(); ++i) {
        if (const auto left_s = children_.left_s(i)) {
            state.running.push_back({i, cells_[i].tier, *left_s});
        } else if (ledger_.pending(i)) {
            state.pending.push_back({i, cells_[i].tier, cells_[i].weight, cells_[i].run_s});
        }
    }
    return state;
}

void SuiteWork::go_on() {
    for (;;) {
        const suite::ScheduleState now = state();
        if (now.pending.empty() && now.running.empty()) {
            return on_end_(nullptr);
        }
        for (const std::uint32_t ordinal : suite::out_of_time(now)) {
            ledger_.give_up(ordinal, "the budget was spent before its turn");
        }
        const std::optional<suite::Start> start = suite::next_cell(state());
        if (!start) {
            if (children_.empty() && state().pending.empty()) {
                on_end_(nullptr);
            }
            return;
        }
        step(start->ordinal, start->share_s);
    }
}

/// The cell's next attempt, or its end. `left_s`: of its share.
void SuiteWork::step(std::uint32_t ordinal, double left_s) {
    const suite::NextStep next = ledger_.next(ordinal, left_s);
    if (const auto* done = std::get_if<store::CellEnd>(&next)) {
        ledger_.finish(ordinal, *done);
    } else {
        start(ordinal, std::get<suite::Again>(next), left_s);
    }
}

void SuiteWork::start(std::uint32_t ordinal, suite::Again what, double left_s) {
    const double longest = file_.cell_timeout_s > 0
                               ? std::min(attempt_max_s, file_.cell_timeout_s / 2)
                               : attempt_max_s;
    what.for_s = std::clamp(what.for_s, 0.1, longest);
    const SuiteTask task{
        .what = what,
        .attempt = ledger_.begin(ordinal, what.first_seed),
        .until = SuiteClock::Steady::now() + history::from_seconds(left_s),
    };
    const AttemptOrder order{cells_[ordinal], what, task.attempt.directory, file_.shrink_s};
    prepare_attempt(order);
    children_.start(ordinal,
                    task,
                    arguments_of(order),
                    order.directory + "/output.log",
                    timeout_of(order, file_.cell_timeout_s));
}

void SuiteWork::shrink(std::uint32_t ordinal,
                       const SuiteTask& task,
                       const store::AttemptEnd& failed) {
    const ShrinkOrder order = shrinker_.order(task.attempt.directory, failed);
    SuiteTask shrinking = task;
    shrinking.until = SuiteClock::Steady::now() + history::from_seconds(order.expected_s);
    shrinking.left_before_shrinking_s = history::to_seconds(task.until - SuiteClock::Steady::now());
    line_.say(
        fmt::format("shrinking it on processes, about {} at most", clock_text(order.expected_s)));
    children_.start(ordinal, shrinking, order.arguments, order.log, order.timeout);
}

void SuiteWork::on_exit(std::uint32_t ordinal, const SuiteTaskEnd& end) {
    if (end.task.left_before_shrinking_s) {
        return on_shrunk(ordinal, end);
    }
    const suite::Cell& cell = cells_[ordinal];
    const SuiteTask& task = end.task;
    store::AttemptEnd ended =
        read_attempt({cell, task.what, task.attempt.directory, file_.shrink_s},
                     {end.wait_status, end.timed_out, end.duration_ms, unix_ms()});
    const bool stops = stops_after(cell, ended);
    const bool shrinks = shrinker_.takes(cell, ended, stops, clock_.left_s());
    const double left_s =
        std::min(history::to_seconds(task.until - SuiteClock::Steady::now()), clock_.left_s());
    const suite::NextStep next =
        ledger_.end(ordinal, task.attempt, task.what.first_seed, ended, left_s);
    note(cell, ended);
    if (stops) {
        return stop_after_failure();
    }
    if (shrinks) {
        shrink(ordinal, task, ended);
    } else if (const auto* again = std::get_if<suite::Again>(&next)) {
        start(ordinal, *again, left_s);
    }
    if (ended.verdict != "valid") {
        // What is kept of a long night must not fill the disk before its end.
        make_room(store_, file_.disk_bytes, children_.attempts());
    }
    go_on();
}

void SuiteWork::on_shrunk(std::uint32_t ordinal, const SuiteTaskEnd& end) {
    const std::string& name = cells_[ordinal].name;
    const auto shrunk =
        SuiteProcessShrinker::result(end.task.attempt.directory, end.wait_status, end.timed_out);
    if (shrunk) {
        ledger_.replace_failure(end.task.attempt, *shrunk);
        const bool smaller = is_shrunk(end.task.attempt.directory + "/run");
        line_.say(fmt::format("{}  {}  {}: {}",
                              smaller ? "SHRUNK " : "NOT SHRUNK",
                              name,
                              shrunk->signature,
                              shrunk->faults));
    } else {
        line_.say(fmt::format("NOT SHRUNK  {}: what is left of it cannot be read", name));
    }
    if (ledger_.pending(ordinal)) {
        // Shrinking is not held against the cell's share.
        step(ordinal, std::min(*end.task.left_before_shrinking_s, clock_.left_s()));
    }
    go_on();
}

void SuiteWork::note(const suite::Cell& cell, const store::AttemptEnd& ended) {
    for (const store::NewFailure& failure : ended.failures) {
        line_.say(
            fmt::format("INVALID  {}  seed {}: {}", cell.name, failure.seed, failure.signature));
    }
    if (ended.verdict == "unknown" || ended.verdict == "void") {
        line_.say(fmt::format("{}  {}: {}",
                              ended.verdict == "void" ? "VOID    " : "UNKNOWN ",
                              cell.name,
                              ended.reason));
    }
}

bool SuiteWork::stops_after(const suite::Cell& cell, const store::AttemptEnd& ended) const {
    return options_.stop_on_failure &&
           std::ranges::any_of(ended.failures, [&](const store::NewFailure& failure) {
               return !options_.counts || options_.counts(cell, failure);
           });
}

void SuiteWork::stop_after_failure() {
    give_up();
    for (std::uint32_t i = 0; i < cells_.size(); ++i) {
        if (ledger_.pending(i)) {
            ledger_.finish(i, {store::CellState::not_run, "", "stopped after the first failure"});
        }
    }
    on_end_(nullptr);
}

void SuiteWork::give_up() {
    children_.clear();
    ledger_.lose_open_attempts();
}

void SuiteWork::show() {
    SuiteProgress progress;
    progress.elapsed_s = static_cast<double>(clock_.elapsed_ms()) / 1000;
    progress.left_s = suite::seconds_to_end(state());
    progress.cells = cells_.size();
    progress.ended = ledger_.ended_cells();
    progress.seeds = ledger_.seeds();
    progress.failures = ledger_.failures();
    for (const std::uint32_t ordinal : children_.cells()) {
        progress.running.push_back(cells_[ordinal].name);
    }
    line_.show(progress);
}

}  // namespace squall::harness::cli
