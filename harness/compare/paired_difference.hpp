// The mean difference between the two sides of pairs, with an interval that is right after every
// pair at once: an asymptotic confidence sequence (Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas
// 2024, "Time-uniform central limit theory and asymptotic confidence sequences", theorem 2.2), so
// that looking again and again, and stopping when one likes what one sees, does not mislead.
#pragma once

#include <cstdint>
#include <optional>

namespace squall::harness::compare {

class PairedDifference {
  public:
    void add(double base, double patch);

    [[nodiscard]] std::uint64_t pairs() const { return pairs_; }

    [[nodiscard]] double base_mean() const { return base_; }

    [[nodiscard]] double patch_mean() const { return patch_; }

    /// patch - base.
    [[nodiscard]] double mean() const { return mean_; }

    /// Half the width of the interval around the mean, at error rate `alpha`. Nothing for fewer
    /// than `pairs_min` pairs that differ, of which no normal law can be told: where most pairs are
    /// equal, the few others say how wide it is. What is so rare that no pair has shown it yet, no
    /// interval knows.
    [[nodiscard]] std::optional<double> half_width(double alpha) const;

    static constexpr std::uint64_t pairs_min = 30;

  private:
    std::uint64_t pairs_ = 0;
    std::uint64_t differing_ = 0;
    double base_ = 0;
    double patch_ = 0;
    double mean_ = 0;
    double squares_ = 0;  ///< Sum of squared deviations of the differences (Welford 1962).
};

}  // namespace squall::harness::compare
