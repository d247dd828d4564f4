// What an attempt's end means for its cell.
#include "harness/suite/cell_course.hpp"

#include <gtest/gtest.h>

namespace squall::harness::suite {
namespace {

using store::AttemptRow;
using store::CellEnd;
using store::CellState;

constexpr CourseLimits limits_of_tests{.void_retries = 2, .failures_max = 3};
constexpr std::uint64_t seed = 100;

AttemptRow ended(const std::string& verdict, std::uint64_t first, std::uint64_t seeds) {
    AttemptRow row;
    row.state = store::AttemptState::ended;
    row.verdict = verdict;
    row.reason = verdict + " because";
    row.first_seed = first;
    row.seeds = seeds;
    row.duration_ms = 10'000;
    return row;
}

Cell simulated() {
    return {.name = "sim/x", .like = {}, .heal = {}};
}

Cell on_processes() {
    return {.name = "process/x", .tier = SuiteTier::process, .like = {}, .heal = {}, .run_s = 12};
}

NextStep next(const Cell& cell, const std::vector<AttemptRow>& attempts, double left_s) {
    return next_step(cell, attempts, left_s, seed, limits_of_tests);
}

TEST(CellCourse, BeginsWithItsFirstSeed) {
    const auto again = std::get<Again>(next(simulated(), {}, 30));

    EXPECT_EQ(again.first_seed, seed);
    EXPECT_EQ(again.for_s, 30);
}

TEST(CellCourse, EndsWhenItsShareIsSpent) {
    const auto end = std::get<CellEnd>(next(simulated(), {ended("valid", seed, 40)}, 0.1));

    EXPECT_EQ(end.state, CellState::done);
    EXPECT_EQ(end.verdict, "valid");
}

TEST(CellCourse, GoesOnBehindTheSeedThatFailed) {
    const auto again = std::get<Again>(next(simulated(), {ended("invalid", seed, 7)}, 20));

    EXPECT_EQ(again.first_seed, seed + 7);
}

TEST(CellCourse, SoManyFailuresAreEnough) {
    const std::vector<AttemptRow> failures = {
        ended("invalid", seed, 7), ended("invalid", seed + 7, 1), ended("invalid", seed + 8, 1)};

    const auto end = std::get<CellEnd>(next(simulated(), failures, 20));

    EXPECT_EQ(end.verdict, "invalid");
    EXPECT_EQ(end.reason, "invalid because (and 2 more)");
}

TEST(CellCourse, OnlyVoidAttemptsAreRepeatedWithTheirSeed) {
    const std::vector<AttemptRow> one = {ended("valid", seed, 1), ended("void", seed + 1, 0)};

    EXPECT_EQ(std::get<Again>(next(on_processes(), one, 1)).first_seed, seed + 1);
}

TEST(CellCourse, ARepeatedVoidThatEndsWellIsForgotten) {
    const std::vector<AttemptRow> attempts = {ended("void", seed, 0), ended("valid", seed, 1)};

    EXPECT_EQ(std::get<CellEnd>(next(on_processes(), attempts, 1)).verdict, "valid");
}

TEST(CellCourse, VoidForGoodAfterItsRetries) {
    const std::vector<AttemptRow> attempts = {
        ended("void", seed, 0), ended("void", seed, 0), ended("void", seed, 0)};

    const auto end = std::get<CellEnd>(next(on_processes(), attempts, 100));

    EXPECT_EQ(end.verdict, "void");
    EXPECT_EQ(end.reason, "void because");
}

TEST(CellCourse, OnProcessesOnlyWholeRunsFit) {
    const std::vector<AttemptRow> one = {ended("valid", seed, 1)};

    EXPECT_TRUE(std::holds_alternative<CellEnd>(next(on_processes(), one, 11)));
    EXPECT_EQ(std::get<Again>(next(on_processes(), one, 13)).first_seed, seed + 1);
}

TEST(CellCourse, OneRunIsOwedHoweverLittleTimeThereIs) {
    EXPECT_TRUE(std::holds_alternative<Again>(next(on_processes(), {}, -5)));
}

TEST(CellCourse, NoMoreThanTheSeedsThatWereAskedFor) {
    Cell cell = simulated();
    cell.seeds_max = 50;

    EXPECT_EQ(std::get<Again>(next(cell, {ended("invalid", seed, 20)}, 30)).seeds_max, 30U);
    EXPECT_TRUE(std::holds_alternative<CellEnd>(next(cell, {ended("valid", seed, 50)}, 30)));
}

TEST(CellCourse, TheWorstVerdictCounts) {
    const std::vector<AttemptRow> attempts = {
        ended("unknown", seed, 1), ended("invalid", seed + 1, 1), ended("valid", seed + 2, 1)};

    EXPECT_EQ(std::get<CellEnd>(next(on_processes(), attempts, 0)).verdict, "invalid");
    EXPECT_EQ(worse_verdict("valid", "unknown"), "unknown");
    EXPECT_EQ(worse_verdict("void", "unknown"), "void");
    EXPECT_EQ(worse_verdict("void", "invalid"), "invalid");
    EXPECT_EQ(worse_verdict("", "valid"), "valid");
}

TEST(CellCourse, SeedsDependOnTheNameAlone) {
    EXPECT_EQ(first_seed_of(1, "a"), first_seed_of(1, "a"));
    EXPECT_NE(first_seed_of(1, "a"), first_seed_of(1, "b"));
    EXPECT_NE(first_seed_of(1, "a"), first_seed_of(2, "a"));
    EXPECT_LT(first_seed_of(1, "a"), std::uint64_t{1} << 31U);
}

}  // namespace
}  // namespace squall::harness::suite
