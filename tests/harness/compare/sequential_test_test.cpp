// The statistics of comparisons: known values, and error rates and power measured over many virtual
// comparisons with fixed seeds.
#include "harness/compare/sequential_test.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "harness/compare/paired_difference.hpp"
#include "history/random.hpp"

namespace squall::harness::compare {
namespace {

constexpr double alpha = 0.01;

/// `convicting_pairs` for so many opposite ones, all at once.
const std::vector<std::uint64_t>& boundary() {
    static const std::vector<std::uint64_t> needed = [] {
        std::vector<std::uint64_t> found;
        for (std::uint64_t at = 1; found.size() < 1500; ++at) {
            while (found.size() < 1500 && convicts({at, found.size()}, alpha)) {
                found.push_back(at);
            }
        }
        return found;
    }();
    return needed;
}

/// Is a side convicted within `pairs` pairs, looked at after each?
bool convicted(const history::Stream& draws,
               std::uint64_t comparison,
               std::uint64_t pairs,
               double against,
               double opposite) {
    Discordant seen;
    for (std::uint64_t i = 0; i < pairs; ++i) {
        const double draw = draws.unit(comparison, i);
        if (draw < against) {
            ++seen.against;
        } else if (draw < against + opposite) {
            ++seen.opposite;
        } else {
            continue;
        }
        if (seen.opposite < boundary().size() && seen.against >= boundary()[seen.opposite]) {
            return true;
        }
    }
    return false;
}

double share_convicted(const char* stream, std::uint64_t pairs, double against, double opposite) {
    constexpr std::uint64_t comparisons = 2000;
    const history::Stream draws(1, stream);
    std::uint64_t count = 0;
    for (std::uint64_t i = 0; i < comparisons; ++i) {
        count += convicted(draws, i, pairs, against, opposite) ? 1U : 0U;
    }
    return static_cast<double>(count) / comparisons;
}

TEST(SequentialTest, HasTheValuesOfTheMixture) {
    EXPECT_NEAR(log_evidence({0, 0}), 0, 1e-12);
    // 2^(n+1) * (1 - 2^-(n+1)) / (n+1) for n against none.
    EXPECT_NEAR(std::exp(log_evidence({1, 0})), 1.5, 1e-9);
    EXPECT_NEAR(std::exp(log_evidence({10, 0})), 2047.0 / 11, 1e-6);
    EXPECT_LT(log_evidence({0, 10}), 0);
    EXPECT_LT(log_evidence({0, 5000}), log_evidence({0, 10}));
    EXPECT_GT(log_evidence({6000, 4000}), 100);
}

TEST(SequentialTest, ConvictsWithAsManyPairsAsItSays) {
    for (const std::uint64_t opposite : {0U, 1U, 5U, 40U}) {
        const std::uint64_t needed = convicting_pairs(alpha, opposite);
        EXPECT_EQ(boundary()[opposite], needed);
        EXPECT_TRUE(convicts({needed, opposite}, alpha));
        EXPECT_FALSE(convicts({needed - 1, opposite}, alpha));
    }
    EXPECT_EQ(convicting_pairs(alpha, 0), 9U);
}

TEST(SequentialTest, AccusesEqualSidesNoMoreOftenThanItSays) {
    EXPECT_LE(share_convicted("half of all", 2000, 0.5, 0.5), alpha * 1.6);
    EXPECT_LE(share_convicted("a tenth", 4000, 0.05, 0.05), alpha * 1.6);
}

TEST(SequentialTest, HardlyEverAccusesABetterSide) {
    EXPECT_LE(share_convicted("better", 2000, 0.1, 0.2), 0.001);
}

TEST(SequentialTest, SeesTheRateThatItSaysItWouldHaveSeen) {
    constexpr std::uint64_t pairs = 2000;
    const auto rate = smallest_rate(pairs, convicting_pairs(alpha, 0), 0.95);
    ASSERT_TRUE(rate);

    const double seen = share_convicted("power", pairs, *rate, 0);

    EXPECT_GT(seen, 0.93);
    EXPECT_LT(seen, 0.97);
}

TEST(SequentialTest, RatesAreThoseOfClopperAndPearson) {
    EXPECT_NEAR(*smallest_rate(3000, 1, 0.95), 1 - std::pow(0.05, 1.0 / 3000), 1e-9);
    EXPECT_FALSE(smallest_rate(5, 10, 0.95));
    EXPECT_NEAR(largest_rate(0, 100, 0.95), 1 - std::pow(0.05, 1.0 / 100), 1e-9);
    EXPECT_EQ(largest_rate(3, 3, 0.95), 1);
}

/// How often the interval misses the true difference at any of the moments at which it is looked
/// at.
template <typename Noise>
double share_missed(double difference, const Noise& noise) {
    constexpr std::uint64_t comparisons = 400;
    constexpr std::uint64_t pairs = 1500;
    const history::Stream draws(2, "intervals");
    std::uint64_t missed = 0;
    for (std::uint64_t i = 0; i < comparisons; ++i) {
        PairedDifference seen;
        bool miss = false;
        for (std::uint64_t n = 0; n < pairs && !miss; ++n) {
            seen.add(10, 10 + noise(draws.unit(2 * i, n), draws.unit(2 * i + 1, n)));
            const auto half = seen.half_width(0.05);
            miss = half && std::abs(seen.mean() - difference) > *half;
        }
        missed += miss ? 1U : 0U;
    }
    return static_cast<double>(missed) / comparisons;
}

TEST(PairedDifference, IntervalHoldsTheTruthAtEveryMoment) {
    const auto even = [](double a, double b) { return a - b; };
    EXPECT_LE(share_missed(0, even), 0.05);
    EXPECT_LE(share_missed(0.3, [&](double a, double b) { return 0.3 + even(a, b); }), 0.05);
    // As latencies are: many small ones, few large ones.
    EXPECT_LE(share_missed(1, [](double a, double) { return -std::log(1 - a); }), 0.05);
}

TEST(PairedDifference, IntervalWaitsUntilRareDifferencesHaveShownThemselves) {
    EXPECT_LE(share_missed(1, [](double a, double) { return a < 0.02 ? 50.0 : 0.0; }), 0.05);

    PairedDifference equal;
    for (int i = 0; i < 1000; ++i) {
        equal.add(3, 3);
    }
    EXPECT_FALSE(equal.half_width(0.05));
}

TEST(PairedDifference, SaysNothingOfFewPairsAndMoreOfMany) {
    PairedDifference few;
    PairedDifference many;
    const history::Stream draws(3, "width");
    for (std::uint64_t n = 0; n < 5000; ++n) {
        const double base = draws.unit(0, n);
        const double patch = base + 0.2 + 0.1 * draws.unit(1, n);
        if (n < PairedDifference::pairs_min - 1) {
            few.add(base, patch);
        }
        many.add(base, patch);
    }

    EXPECT_FALSE(few.half_width(0.05));
    ASSERT_TRUE(many.half_width(0.05));
    EXPECT_LT(*many.half_width(0.05), 0.01);
    EXPECT_NEAR(many.mean(), 0.25, 0.01);
    EXPECT_NEAR(many.patch_mean() - many.base_mean(), many.mean(), 1e-9);
}

}  // namespace
}  // namespace squall::harness::compare
