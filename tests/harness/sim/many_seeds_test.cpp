// Whole storms by the dozen: the correct build passes all, each bug is convicted soon.
#include <array>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "harness/availability.hpp"
#include "harness/sim/simulate.hpp"
#include "harness/swarm.hpp"
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

std::vector<std::string> problems_of_swarm(std::uint64_t seed, std::string_view bug) {
    Plan plan = swarm_plan(seed);
    plan.bug = bug;
    const RunRecord record = simulate(plan).record;
    std::vector<std::string> found = problems(record);
    const checker::Check available = availability_check(record);
    if (available.verdict == checker::Verdict::invalid) {
        found.push_back(available.reason);
    }
    return found;
}

TEST(ManySeeds, TheSwarmDoesNotConvictTheCorrectBuild) {
    for (std::uint64_t seed = 1; seed <= 500; ++seed) {
        for (const std::string& problem : problems_of_swarm(seed, "")) {
            ADD_FAILURE() << "seed " << seed << ": " << problem;
        }
    }
    std::printf("seeds 1 to 500 of the correct build\n");
}

class Zoo : public testing::TestWithParam<std::string_view> {};

TEST_P(Zoo, IsConvictedSoon) {
    if (!raft::zoo::Bugs::compiled_in) {
        GTEST_SKIP() << "built without the zoo";
    }
    // Ten times what the rarest takes in the mean: to miss it by chance is out of the question.
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        const std::vector<std::string> found = problems_of_swarm(seed, GetParam());

        if (!found.empty()) {
            RecordProperty("seed", static_cast<int>(seed));
            std::printf("%s: seed %d: %s\n",
                        std::string(GetParam()).c_str(),
                        static_cast<int>(seed),
                        found.front().c_str());
            return;
        }
    }
    FAIL() << GetParam() << " was not convicted";
}

// Those that take few seeds; `squall zoo` tries all of them.
constexpr std::array<std::string_view, 28> sample{"term-not-persisted",
                                                  "no-uptodate",
                                                  "uptodate-term-only",
                                                  "leader-grants-stays",
                                                  "stale-leader-ae-accepted",
                                                  "candidate-ignores-same-term-ae",
                                                  "no-prevote",
                                                  "commit-no-min",
                                                  "even-quorum",
                                                  "backtrack-livelock",
                                                  "no-noop",
                                                  "no-sessions",
                                                  "off-by-one-apply",
                                                  "wal-misaligned",
                                                  "purged-stuck",
                                                  "local-quorum",
                                                  "local-leader-read",
                                                  "stale-read",
                                                  "before-noop",
                                                  "dedup-local",
                                                  "ack-before-commit",
                                                  "reply-by-index",
                                                  "fail-but-committed",
                                                  "head-of-line",
                                                  "no-quorum-ack",
                                                  "no-dedup",
                                                  "commit-old-terms",
                                                  "canary"};

INSTANTIATE_TEST_SUITE_P(Bugs, Zoo, testing::ValuesIn(sample), [](const auto& each) {
    std::string name(each.param);
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

}  // namespace
}  // namespace squall::harness::sim
