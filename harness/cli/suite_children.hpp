// The children that work on cells: at most one for each, killed when they take too long, and gone
// with this object. Does not know what they do.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/cli/suite_clock.hpp"
#include "harness/cli/suite_ledger.hpp"
#include "harness/process/child.hpp"
#include "harness/suite/cell_course.hpp"

namespace squall::harness::cli {

/// What a child was started for.
struct SuiteTask {
    suite::Again what;
    SuiteLedger::Begun attempt;
    SuiteClock::Steady::time_point until;  ///< Its time, about.
    /// It shrinks the failure of the attempt, which has ended. So much was left of the cell's
    /// share.
    std::optional<double> left_before_shrinking_s = {};
};

struct SuiteTaskEnd {
    SuiteTask task;
    int wait_status = 0;
    bool timed_out = false;
    std::int64_t duration_ms = 0;
};

class SuiteChildren {
  public:
    using OnExit = std::function<void(std::uint32_t cell, const SuiteTaskEnd& end)>;

    /// `program`: squall itself. `on_exit`: from the io_context; the cell has no child any more.
    SuiteChildren(boost::asio::io_context& io, std::string program, OnExit on_exit);

    /// Throws Failure.
    void start(std::uint32_t cell,
               SuiteTask task,
               std::vector<std::string> arguments,
               const std::string& log,
               std::chrono::milliseconds timeout);

    void kill_late();

    /// Kills all. `on_exit` is not called.
    void clear() { running_.clear(); }

    [[nodiscard]] bool empty() const { return running_.empty(); }

    [[nodiscard]] std::vector<std::uint32_t> cells() const;

    /// The attempts that somebody works on.
    [[nodiscard]] std::set<store::RowId> attempts() const;

    /// Nothing when the cell has no child; else what it has left of its time, in seconds.
    [[nodiscard]] std::optional<double> left_s(std::uint32_t cell) const;

  private:
    struct Running {
        SuiteTask task;
        SuiteClock::Steady::time_point begun;
        SuiteClock::Steady::time_point killed_at;
        bool timed_out = false;
        std::unique_ptr<process::Child> child = nullptr;
    };

    void ended(std::uint32_t cell, int status);

    boost::asio::io_context& io_;
    std::string program_;
    OnExit on_exit_;
    std::map<std::uint32_t, Running> running_;
};

}  // namespace squall::harness::cli
