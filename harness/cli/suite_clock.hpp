// How long a suite has been worked on, over all its sessions, and what that leaves of its budget.
#pragma once

#include <chrono>
#include <cstdint>

#include "harness/store/results_store.hpp"
#include "harness/suite/suite_file.hpp"

namespace squall::harness::cli {

class SuiteClock {
  public:
    using Steady = std::chrono::steady_clock;

    /// A session begins. `suite` as the store has it.
    SuiteClock(const store::SuiteRow& suite, const suite::Budget& budget);

    /// Pauses between sessions do not count.
    [[nodiscard]] std::int64_t elapsed_ms() const;

    /// "until 02:00" is of the day on which the suite began, and pauses count.
    [[nodiscard]] double left_s() const;

  private:
    std::int64_t before_ms_;
    store::UnixMs started_;
    suite::Budget budget_;
    Steady::time_point begun_ = Steady::now();
};

}  // namespace squall::harness::cli
