#include "nemesis/jitter.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "nemesis/active_faults.hpp"
#include "nemesis/link_fate.hpp"

namespace squall::nemesis {
namespace {

using history::Stream;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::size_t messages = 20'000;

/// Shares of the bound by which the messages of one link are late, ascending.
std::vector<double> sorted_shares(JitterLaw law, std::uint64_t seed) {
    const Duration bound = milliseconds(100);
    const LinkRule rule{.delay = milliseconds(5), .jitter = bound, .law = law};
    const Stream stream(seed, "links");
    std::vector<double> shares;
    for (std::size_t ordinal = 0; ordinal < messages; ++ordinal) {
        const Duration late = decide_fate(rule, stream, {1, 2}, ordinal).delay - rule.delay;
        shares.push_back(static_cast<double>(late.count()) / static_cast<double>(bound.count()));
    }
    std::sort(shares.begin(), shares.end());
    return shares;
}

double mean(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) {
        sum += value;
    }
    return sum / static_cast<double>(values.size());
}

double variance(const std::vector<double>& values) {
    const double middle = mean(values);
    double sum = 0;
    for (const double value : values) {
        sum += (value - middle) * (value - middle);
    }
    return sum / static_cast<double>(values.size());
}

/// The value that the given part of the messages stays below.
double quantile(const std::vector<double>& sorted, double part) {
    return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size()))];
}

RC_GTEST_PROP(Jitter, IsNeverNegativeAndStaysBelowItsBound, (std::uint64_t seed)) {
    const Duration bound = nanoseconds(*rc::gen::inRange<std::int64_t>(0, 3'600'000'000'000));
    const auto ordinal = *rc::gen::arbitrary<std::uint64_t>();
    for (const JitterLaw law : all_jitter_laws) {
        const LinkRule rule{.jitter = bound, .law = law};
        const Duration late = decide_fate(rule, Stream(seed, "links"), {2, 3}, ordinal).delay;

        RC_ASSERT(late >= Duration::zero());
        RC_ASSERT(late <= bound);
        RC_ASSERT((late < bound || bound == Duration::zero()));
    }
}

TEST(Jitter, StaysWithinItsBoundsForTheMostExtremeNumbers) {
    const double last = 1 - 0x1.0p-53;
    for (const JitterLaw law : all_jitter_laws) {
        for (const double a : {0.0, 0.5, last}) {
            for (const double b : {0.0, 0.25, 0.5, last}) {
                EXPECT_GE(jitter_share(law, a, b), 0) << to_string(law);
                EXPECT_LT(jitter_share(law, a, b), 1) << to_string(law);
            }
        }
    }
}

// Expected values are those of the textbooks' formulas for the truncated laws, worked out by hand.

TEST(Jitter, UniformIsFlat) {
    const auto shares = sorted_shares(JitterLaw::uniform, 1);

    EXPECT_NEAR(mean(shares), 0.5, 0.01);
    EXPECT_NEAR(variance(shares), 1.0 / 12, 0.002);
    EXPECT_NEAR(quantile(shares, 0.99), 0.99, 0.005);
}

TEST(Jitter, NormalLiesAroundTheMiddle) {
    const auto shares = sorted_shares(JitterLaw::normal, 2);

    EXPECT_NEAR(mean(shares), 0.5, 0.005);
    EXPECT_NEAR(std::sqrt(variance(shares)), 1.0 / 6, 0.006);
    EXPECT_NEAR(quantile(shares, 0.1587), 0.5 - 1.0 / 6, 0.01);
    EXPECT_NEAR(quantile(shares, 0.8413), 0.5 + 1.0 / 6, 0.01);
}

TEST(Jitter, ExponentialIsMostlyShort) {
    const auto shares = sorted_shares(JitterLaw::exponential, 3);

    EXPECT_NEAR(mean(shares), 0.1247, 0.004);
    EXPECT_NEAR(quantile(shares, 0.5), 0.0866, 0.004);
    EXPECT_NEAR(quantile(shares, 0.95), 0.3737, 0.015);
    EXPECT_GT(shares.back(), 0.7);
}

TEST(Jitter, ParetoIsShortWithAFewThatAreVeryLate) {
    const auto shares = sorted_shares(JitterLaw::pareto, 4);

    EXPECT_GE(shares.front(), 0.0099);
    EXPECT_NEAR(mean(shares), 0.02703, 0.002);
    EXPECT_NEAR(quantile(shares, 0.5), 0.01586, 0.0005);
    EXPECT_NEAR(quantile(shares, 0.99), 0.2026, 0.04);
    EXPECT_GT(shares.back(), 0.6);
}

TEST(Jitter, MediansAreThoseOfTheLaws) {
    for (const JitterLaw law : all_jitter_laws) {
        EXPECT_NEAR(quantile(sorted_shares(law, 5), 0.5), median_jitter_share(law), 0.01);
    }
}

TEST(Jitter, LawsAreFoundByName) {
    for (const JitterLaw law : all_jitter_laws) {
        EXPECT_EQ(find_jitter_law(to_string(law)), law);
    }
    EXPECT_EQ(find_jitter_law("gamma"), std::nullopt);
    EXPECT_EQ(jitter_law_names(), "uniform, normal, exponential, pareto");
}

TEST(Jitter, TheHeavierTailWinsWhenRulesMeet) {
    const LinkRule none{.delay = milliseconds(1)};
    const LinkRule normal{.jitter = milliseconds(9), .law = JitterLaw::normal};
    const LinkRule pareto{.jitter = milliseconds(2), .law = JitterLaw::pareto};

    EXPECT_EQ(combine(none, normal).law, JitterLaw::normal);
    EXPECT_EQ(combine(normal, pareto).law, JitterLaw::pareto);
    EXPECT_EQ(combine(pareto, normal), combine(normal, pareto));
    EXPECT_EQ(combine(normal, pareto).jitter, milliseconds(11));
}

}  // namespace
}  // namespace squall::nemesis
