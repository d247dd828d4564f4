// Whether a plan fails when it fails only now and then, as on real processes: how often it has to
// be run before "it did not fail" may be believed, and when to stop. Pure.
#pragma once

#include <cstdint>

namespace squall::harness::shrink {

/// How often something came up in how many runs.
struct Rate {
    std::uint64_t failed = 0;
    std::uint64_t runs = 0;
};

struct RepetitionOptions {
    /// A candidate that fails as often as the original is refused by chance at most so often.
    double error = 0.05;
    std::uint64_t runs_max = 8;       ///< Of one candidate, whatever the rate asks for.
    std::uint64_t base_runs = 6;      ///< To measure the original's rate.
    std::uint64_t base_failures = 2;  ///< Enough to go on earlier.
};

/// The least k with (1 - p)^k <= error, at least 1 and at most `most`. p is estimated low, as
/// failed / (runs + 1): few runs say little. Without any failure: `most`.
[[nodiscard]] std::uint64_t runs_needed(const Rate& base, double error, std::uint64_t most);

/// One candidate.
class Repetition {
  public:
    enum class Step : std::uint8_t { run, fails, holds };

    /// Measures: until there are failures enough for a rate, or runs enough to give it up.
    static Repetition of_base(const RepetitionOptions& options);

    /// Decides: it fails with its first failure, and holds after so many runs without any.
    static Repetition of_candidate(const Rate& base, const RepetitionOptions& options);

    [[nodiscard]] Step step() const;

    void ran(bool failed);

    [[nodiscard]] const Rate& rate() const { return rate_; }

  private:
    Repetition(std::uint64_t runs, std::uint64_t failures) : runs_(runs), failures_(failures) {}

    std::uint64_t runs_;
    std::uint64_t failures_;
    Rate rate_;
};

}  // namespace squall::harness::shrink
