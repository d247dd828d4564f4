// The cells of a suite at work: which child is started next, and what becomes of it when it ends.
// What to do is decided in harness/suite; this asks, starts and writes. Every end is in the store
// before it counts here.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <string>
#include <vector>

#include "harness/cli/suite_children.hpp"
#include "harness/cli/suite_clock.hpp"
#include "harness/cli/suite_ledger.hpp"
#include "harness/cli/suite_process_shrink.hpp"
#include "harness/cli/suite_progress.hpp"
#include "harness/cli/suite_session.hpp"
#include "harness/suite/schedule.hpp"

namespace squall::harness::cli {

class SuiteWork {
  public:
    struct Input {
        store::ResultsStore& store;
        const store::SuiteRow& suite;
        const suite::SuiteFile& file;
        const std::vector<suite::Cell>& cells;
        const SessionOptions& options;
    };

    /// Nothing: every cell has had its turn. Called once, from the io_context or go_on().
    using OnEnd = std::function<void(std::exception_ptr problem)>;

    /// All of the input lives longer.
    SuiteWork(boost::asio::io_context& io, const Input& input, OnEnd on_end);

    /// Starts what can be started; ends what has no time left. Whenever something may have changed.
    void go_on();

    void kill_late() { children_.kill_late(); }

    /// Kills what runs; its attempts are lost, and run again when the suite is resumed.
    void give_up();

    /// Kills what runs and leaves the store alone: it is somebody else's.
    void drop() { children_.clear(); }

    [[nodiscard]] const SuiteClock& clock() const { return clock_; }

    void say(const std::string& text) { line_.say(text); }

    void show();

  private:
    [[nodiscard]] suite::ScheduleState state() const;
    void step(std::uint32_t ordinal, double left_s);
    void start(std::uint32_t ordinal, suite::Again what, double left_s);
    void shrink(std::uint32_t ordinal, const SuiteTask& task, const store::AttemptEnd& failed);
    void on_exit(std::uint32_t ordinal, const SuiteTaskEnd& end);
    void on_shrunk(std::uint32_t ordinal, const SuiteTaskEnd& end);
    void note(const suite::Cell& cell, const store::AttemptEnd& ended);
    [[nodiscard]] bool stops_after(const suite::Cell& cell, const store::AttemptEnd& ended) const;
    void stop_after_failure();

    store::ResultsStore& store_;
    const suite::SuiteFile& file_;
    const std::vector<suite::Cell>& cells_;
    const SessionOptions& options_;
    OnEnd on_end_;
    SuiteLedger ledger_;
    SuiteClock clock_;
    SuiteChildren children_;
    SuiteProcessShrinker shrinker_;
    SuiteProgressLine line_;
};

}  // namespace squall::harness::cli
