// Pairs of simulations side by side: however many lanes there are, the same pairs come in the same
// order and say the same; and what becomes of a simulator that is none, or of a request to stop.
#include <gtest/gtest.h>

#include "harness/cli/compare_lanes.hpp"
#include "harness/compare/profiles.hpp"
#include "harness/failure.hpp"

namespace squall::harness::cli {
namespace {

class Lanes : public ::testing::Test {
  protected:
    Lanes() : log_(::testing::TempDir() + "squall-lanes.log") {}

    CompareLanes::Options options(unsigned lanes) const {
        return {.lanes = lanes,
                .until = CompareSession::Clock::time_point::max(),
                .pair = [](std::uint64_t number) {
                    const compare::Profile* profile = compare::find_profile(
                        compare::profiles()[number % compare::profiles().size()].name);
                    Plan plan = compare::plan_of(*profile, 100 + number, false);
                    return std::pair(compare::PairOutcome{.profile = std::string(profile->name),
                                                          .seed = plan.seed},
                                     std::move(plan));
                }};
    }

    [[nodiscard]] Simulators simulators(const std::string& program) const {
        return {.base = program, .patch = program, .base_log = log_, .patch_log = log_};
    }

    std::string log_;
    std::atomic<int> stop_requests_ = 0;
};

std::string in_words(const JudgedPair& pair) {
    std::string words = pair.outcome.profile + " " + std::to_string(pair.outcome.seed) +
                        (pair.outcome.identical ? " identical " : " differ ") +
                        std::to_string(pair.base.run.record.events.size());
    for (const std::string& check : pair.outcome.base.service) {
        words += " " + check;
    }
    return words;
}

TEST_F(Lanes, HandOutTheSamePairsInTheSameOrderHoweverMany) {
    std::vector<std::vector<std::string>> seen;
    for (const unsigned lanes : {1U, 3U}) {
        CompareLanes running(simulators(SQUALL_RUNNER), options(lanes), stop_requests_);
        std::vector<std::string>& words = seen.emplace_back();
        for (int i = 0; i < 10; ++i) {
            const auto pair = running.next([] {});
            ASSERT_TRUE(pair);
            EXPECT_EQ(pair->outcome.seed, 100U + static_cast<unsigned>(i));
            EXPECT_TRUE(pair->outcome.identical);
            words.push_back(in_words(*pair));
        }
    }
    EXPECT_EQ(seen[0], seen[1]);
}

TEST_F(Lanes, RunOnePairWhenThereIsNoTime) {
    CompareLanes::Options late = options(2);
    late.until = CompareSession::Clock::time_point::min();
    CompareLanes running(simulators(SQUALL_RUNNER), late, stop_requests_);

    EXPECT_TRUE(running.next([] {}));
    EXPECT_FALSE(running.next([] {}));
}

TEST_F(Lanes, EndWhenAskedTo) {
    stop_requests_ = 1;
    CompareLanes running(simulators(SQUALL_RUNNER), options(2), stop_requests_);

    EXPECT_FALSE(running.next([] {}));
}

TEST_F(Lanes, SayWhenAProgramIsNoSimulator) {
    CompareLanes running(simulators("/bin/echo"), options(2), stop_requests_);

    EXPECT_THROW(static_cast<void>(running.next([] {})), Failure);
}

}  // namespace
}  // namespace squall::harness::cli
