// Whether a suite shrinks a failure on processes. There it takes many runs of the same plan, so
// that one failure of each group is shrunk, and only while there is time. Pure.
#pragma once

#include <cstdint>
#include <string>

namespace squall::harness::suite {

/// How often the shrunk plan is run in the end, to say how often it fails.
inline constexpr std::uint64_t process_confirm_runs = 3;

struct FailureOnProcesses {
    double run_s = 0;            ///< What the failing run took.
    bool group_was_had = false;  ///< One with the same signature was shrunk, or tried.
    bool suite_ends = false;     ///< With this failure.
};

/// The search, and the runs that confirm what it found.
[[nodiscard]] double shrinking_needs_s(const FailureOnProcesses& failure, double shrink_s);

/// Empty: it is shrunk. `shrink_s`: what the suite file allows each search. `left_s`: of the
/// suite's budget.
[[nodiscard]] std::string why_not_shrunk(const FailureOnProcesses& failure,
                                         double shrink_s,
                                         double left_s);

}  // namespace squall::harness::suite
