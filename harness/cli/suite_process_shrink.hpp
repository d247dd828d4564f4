// Shrinks failures on processes for a suite, with `squall shrink` as a child. The failure is in the
// store by then, so that a kill loses at most the shrinking.
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/store/results_store.hpp"
#include "harness/suite/cells.hpp"

namespace squall::harness::cli {

struct ShrinkOrder {
    std::vector<std::string> arguments;  ///< Of `squall`.
    std::string log;
    std::chrono::milliseconds timeout{};
    double expected_s = 0;
};

class SuiteProcessShrinker {
  public:
    /// `budget_s`: of each search; 0: nothing is shrunk.
    explicit SuiteProcessShrinker(double budget_s) : budget_s_(budget_s) {}

    /// Whether what has just ended is to be shrunk. If it failed on processes and is not, its
    /// failures say why. `left_s`: of the suite's budget.
    bool takes(const suite::Cell& cell, store::AttemptEnd& ended, bool suite_ends, double left_s);

    /// `directory`: of the attempt that it took.
    [[nodiscard]] ShrinkOrder order(const std::string& directory,
                                    const store::AttemptEnd& ended) const;

    /// The failure as it is known by now; nothing when what was left cannot be read.
    [[nodiscard]] static std::optional<store::NewFailure> result(const std::string& directory,
                                                                 int wait_status,
                                                                 bool timed_out);

  private:
    double budget_s_;
    std::set<std::string> had_;  ///< Signatures.
};

}  // namespace squall::harness::cli
