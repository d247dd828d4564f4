// The fuzz targets without a fuzzer: their seeds, and thousands of mutations that are the same
// every time. A target aborts when something does not hold.
#include <cstdio>

#include <gtest/gtest.h>

#include "tests/fuzz/mutate.hpp"
#include "tests/fuzz/target.hpp"

namespace squall::fuzz {
namespace {

constexpr std::uint64_t mutations = 4000;

class FuzzTarget : public ::testing::TestWithParam<const Target*> {};

TEST_P(FuzzTarget, AcceptsItsSeeds) {
    const std::vector<std::string> seeds = GetParam()->seeds();

    for (std::size_t i = 0; i < seeds.size(); ++i) {
        EXPECT_TRUE(GetParam()->run(seeds[i])) << "seed " << i;
    }
}

TEST_P(FuzzTarget, HoldsOnMutationsAndReachesBothOutcomes) {
    Mutator mutator(1, *GetParam());

    std::uint64_t accepted = 0;
    for (std::uint64_t ordinal = 0; ordinal < mutations; ++ordinal) {
        accepted += static_cast<std::uint64_t>(GetParam()->run(mutator.make(ordinal)));
    }

    std::printf("%llu of %llu mutations were accepted\n",
                static_cast<unsigned long long>(accepted),
                static_cast<unsigned long long>(mutations));
    EXPECT_GT(accepted, mutations / 100) << "hardly anything behind the checks is reached";
    EXPECT_LT(accepted, mutations) << "nothing is refused";
}

TEST_P(FuzzTarget, HoldsOnPrefixesOfItsSeeds) {
    for (const std::string& seed : GetParam()->seeds()) {
        const std::size_t step = seed.size() / 500 + 1;
        for (std::size_t size = 0; size < seed.size(); size += step) {
            (void)GetParam()->run(std::string_view(seed).substr(0, size));
        }
    }
}

INSTANTIATE_TEST_SUITE_P(,
                         FuzzTarget,
                         ::testing::ValuesIn(targets().begin(), targets().end()),
                         [](const auto& target) { return std::string(target.param->name); });

}  // namespace
}  // namespace squall::fuzz
