#include "harness/compare/sequential_test.hpp"

#include <cmath>
#include <limits>
#include <numbers>

#include <boost/math/policies/policy.hpp>
#include <boost/math/special_functions/beta.hpp>

namespace squall::harness::compare {
namespace {

namespace bm = boost::math::policies;
/// What cannot be computed is zero or infinite here, never an exception.
using Quiet = bm::policy<bm::overflow_error<bm::ignore_error>,
                         bm::underflow_error<bm::ignore_error>,
                         bm::evaluation_error<bm::ignore_error>>;

}  // namespace

double log_evidence(const Discordant& pairs) {
    const auto a = static_cast<double>(pairs.against) + 1;
    const auto b = static_cast<double>(pairs.opposite) + 1;
    // E = 2^(n+1) * integral from 1/2 to 1 of p^against (1-p)^opposite.
    const double log_beta = std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
    const double above = boost::math::ibetac(a, b, 0.5, Quiet());
    return above <= 0 ? -std::numeric_limits<double>::infinity()
                      : (a + b - 1) * std::numbers::ln2 + log_beta + std::log(above);
}

bool convicts(const Discordant& pairs, double alpha) {
    return log_evidence(pairs) >= -std::log(alpha);
}

std::uint64_t convicting_pairs(double alpha, std::uint64_t opposite) {
    std::uint64_t needed = 1;
    while (!convicts({needed, opposite}, alpha)) {
        ++needed;
    }
    return needed;
}

std::optional<double> smallest_rate(std::uint64_t pairs, std::uint64_t needed, double power) {
    if (needed == 0 || needed > pairs) {
        return std::nullopt;
    }
    // P(at least k of n) = I_r(k, n - k + 1).
    return boost::math::ibeta_inv(
        static_cast<double>(needed), static_cast<double>(pairs - needed) + 1, power, Quiet());
}

double largest_rate(std::uint64_t failed, std::uint64_t runs, double level) {
    if (failed >= runs) {
        return 1;
    }
    return boost::math::ibeta_inv(
        static_cast<double>(failed) + 1, static_cast<double>(runs - failed), level, Quiet());
}

}  // namespace squall::harness::compare
