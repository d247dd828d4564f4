#include "harness/compare/paired_difference.hpp"

#include <cmath>

namespace squall::harness::compare {
namespace {

/// The number of pairs at which the interval is to be tightest: some thousands take minutes.
constexpr double tightest_at = 2000;

}  // namespace

void PairedDifference::add(double base, double patch) {
    ++pairs_;
    const auto n = static_cast<double>(pairs_);
    base_ += (base - base_) / n;
    patch_ += (patch - patch_) / n;
    const double difference = patch - base;
    differing_ += difference != 0 ? 1U : 0U;
    const double before = difference - mean_;
    mean_ += before / n;
    squares_ += before * (difference - mean_);
}

std::optional<double> PairedDifference::half_width(double alpha) const {
    if (differing_ < pairs_min) {
        return std::nullopt;
    }
    const auto n = static_cast<double>(pairs_);
    const double deviation = std::sqrt(squares_ / n);
    // Rho squared, by the authors' equation for the width to be least at `tightest_at`.
    const double log_alpha = -2 * std::log(alpha);
    const double rho2 = (log_alpha + std::log(log_alpha + 1)) / tightest_at;
    return deviation * std::sqrt(2 * (n * rho2 + 1) / (n * n * rho2) *
                                 std::log(std::sqrt(n * rho2 + 1) / alpha));
}

}  // namespace squall::harness::compare
