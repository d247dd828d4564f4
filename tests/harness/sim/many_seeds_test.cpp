// Whole storms by the dozen: the correct build passes all, each bug is convicted soon.
#include <string_view>

#include <gtest/gtest.h>

#include "harness/sim/simulate.hpp"
#include "raft/zoo/zoo.hpp"
#include "tests/harness/sim/plans.hpp"

namespace squall::harness::sim {
namespace {

TEST(ManySeeds, TheCorrectBuildIsNeverConvicted) {
    constexpr std::uint64_t seeds = 200;
    std::int64_t ok = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const RunRecord record = simulate(stormy_plan(seed)).record;

        for (const std::string& problem : problems(record)) {
            ADD_FAILURE() << "seed " << seed << ": " << problem;
        }
        ok += count_ok(record);
    }
    EXPECT_GT(ok, static_cast<std::int64_t>(seeds) * 200);
}

class Zoo : public testing::TestWithParam<std::string_view> {};

TEST_P(Zoo, IsConvictedWithinAHundredSeeds) {
    if (!raft::zoo::Bugs::compiled_in) {
        GTEST_SKIP() << "built without the zoo";
    }
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        Plan plan = stormy_plan(seed);
        plan.bug = GetParam();

        const std::vector<std::string> found = problems(simulate(plan).record);

        if (!found.empty()) {
            RecordProperty("seed", static_cast<int>(seed));
            std::printf("%s: seed %d: %s\n",
                        plan.bug.c_str(),
                        static_cast<int>(seed),
                        found.front().c_str());
            return;
        }
    }
    FAIL() << GetParam() << " was not convicted";
}

std::vector<std::string_view> slugs() {
    std::vector<std::string_view> names;
    for (const raft::zoo::Description& entry : raft::zoo::catalogue) {
        names.push_back(entry.slug);
    }
    return names;
}

INSTANTIATE_TEST_SUITE_P(Bugs, Zoo, testing::ValuesIn(slugs()), [](const auto& each) {
    std::string name(each.param);
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

}  // namespace
}  // namespace squall::harness::sim
