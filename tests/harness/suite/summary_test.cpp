// Verdicts, quarantine, and what nights say about a failure: new, known, flaky, absent, fixed.
#include <gtest/gtest.h>

#include "night.hpp"

namespace squall::harness::suite {
namespace {

using triage::GroupState;

TEST(Summary, TheWorstCellIsTheVerdict) {
    const auto verdict = [](const std::vector<CellOfNight>& cells) {
        return summary_of_nights({night(1, cells)}, {}).verdict;
    };

    EXPECT_EQ(verdict({{"a", "valid"}}), "valid");
    EXPECT_EQ(verdict({{"a", "valid"}, {"b", "unknown"}}), "unknown");
    EXPECT_EQ(verdict({{"a", "valid"}, {"b", ""}}), "unknown");
    EXPECT_EQ(verdict({{"a", "void"}, {"b", ""}}), "void");
    EXPECT_EQ(verdict({{"a", "void"}, {"b", "invalid"}}), "invalid");
}

TEST(Summary, ExitCodesAreThoseOfEveryCommand) {
    const auto code = [](const char* verdict) {
        return exit_code(summary_of_nights({night(1, {{"a", verdict}})}, {}));
    };

    EXPECT_EQ(code("valid"), 0);
    EXPECT_EQ(code("invalid"), 1);
    EXPECT_EQ(code("unknown"), 2);
    EXPECT_EQ(code("void"), 3);
}

TEST(Summary, QuarantinedFailuresDoNotCount) {
    const Quarantine entry{.cell = "a", .reason = "issue 12", .until = "2026-11-22"};

    const SuiteSummary summary =
        summary_of_nights({night(1, {{"a", "invalid"}})}, {failure(1, "a", "s")}, {entry});

    EXPECT_EQ(summary.verdict, "valid");
    EXPECT_EQ(summary.cells[0].verdict, "quarantined");
    EXPECT_EQ(summary.groups[0].quarantined, "issue 12");
}

TEST(Summary, QuarantineIsOverOneDay) {
    const Quarantine entry{.cell = "a", .reason = "issue 12", .until = "2026-11-21"};

    EXPECT_EQ(
        summary_of_nights({night(1, {{"a", "invalid"}})}, {failure(1, "a", "s")}, {entry}).verdict,
        "invalid");
}

TEST(Summary, AnotherFailureOfAQuarantinedCellCounts) {
    const Quarantine entry{.signature = "s", .reason = "issue 12"};
    SuitePast past = night(1, {{"a", "invalid"}});
    past.attempts.push_back(past.attempts[0]);

    const SuiteSummary summary =
        summary_of_nights({past}, {failure(1, "a", "s"), failure(1, "a", "t")}, {entry});

    EXPECT_EQ(summary.verdict, "invalid");
    EXPECT_EQ(summary.groups.size(), 2U);
}

/// The state of signature "s", seen in the nights that are marked x.
GroupState state_of(const std::string& seen, std::uint64_t seeds = 10) {
    std::vector<SuitePast> nights;
    std::vector<store::FailureRow> failures;
    for (std::size_t i = 0; i < seen.size(); ++i) {
        const auto id = static_cast<store::RowId>(i + 1);
        nights.push_back(night(id, {{"a", seen[i] == 'x' ? "invalid" : "valid", seeds}}));
        if (seen[i] == 'x') {
            failures.push_back(failure(id, "a", "s"));
        }
    }
    return summary_of_nights(nights, failures).groups.at(0).group.state;
}

TEST(Groups, NightsTellWhatAFailureIs) {
    EXPECT_EQ(state_of("x"), GroupState::fresh);
    EXPECT_EQ(state_of("...x"), GroupState::fresh);
    EXPECT_EQ(state_of("xx"), GroupState::known);
    EXPECT_EQ(state_of("..xxx"), GroupState::known);
    EXPECT_EQ(state_of("x.x"), GroupState::flaky);
    EXPECT_EQ(state_of("xx..xx"), GroupState::flaky);
    EXPECT_EQ(state_of("x."), GroupState::absent);
}

TEST(Groups, FixedOnlyWhenItWouldHaveBeenSeen) {
    const auto state = [](std::uint64_t seeds_now) {
        return summary_of_nights(
                   {night(1, {{"a", "invalid", 10}}), night(2, {{"a", "valid", seeds_now}})},
                   {failure(1, "a", "s")})
            .groups.at(0)
            .group.state;
    };

    EXPECT_EQ(state(29), GroupState::absent);  // 1 in 10 is refused after 30.
    EXPECT_EQ(state(30), GroupState::fixed);
}

TEST(Groups, OneLineForManyFailuresWithTheCheapestReproduction) {
    std::vector<store::FailureRow> failures;
    for (int i = 0; i < 50; ++i) {
        failures.push_back(failure(1, i % 2 == 0 ? "a" : "b", "s", i == 33 ? 0.1 : 2));
    }
    failures[33].failure.command = "the cheap one";

    const SuiteSummary summary =
        summary_of_nights({night(1, {{"a", "invalid", 60}, {"b", "invalid", 40}})}, failures);

    ASSERT_EQ(summary.groups.size(), 1U);
    const triage::Group& group = summary.groups[0].group;
    EXPECT_EQ(group.failures, 50U);
    EXPECT_EQ(group.command, "the cheap one");
    EXPECT_EQ(group.seeds, 100U);
    EXPECT_DOUBLE_EQ(group.rate, 0.5);
}

TEST(Groups, WhatWasDeletedIsNoReproductionWhileAnotherIsThere) {
    std::vector<store::FailureRow> failures = {failure(1, "a", "s", 0.1), failure(1, "a", "s", 2)};
    failures[0].kept = false;
    failures[1].failure.command = "the one that is there";

    const SuiteSummary summary = summary_of_nights({night(1, {{"a", "invalid"}})}, failures);

    ASSERT_EQ(summary.groups.size(), 1U);
    EXPECT_EQ(summary.groups[0].group.command, "the one that is there");
}

TEST(Groups, FailuresOfOtherSuitesAreLeftOut) {
    EXPECT_TRUE(
        summary_of_nights({night(7, {{"a", "valid"}})}, {failure(3, "a", "s")}).groups.empty());
}

}  // namespace
}  // namespace squall::harness::suite
