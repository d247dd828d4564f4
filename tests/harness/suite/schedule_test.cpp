// The scheduler, in virtual time: a day of it takes no time at all.
#include "harness/suite/schedule.hpp"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "harness/suite/priority.hpp"

namespace squall::harness::suite {
namespace {

struct Ran {
    double begun = 0;
    double lasted = 0;
};

struct Course {
    std::map<std::uint32_t, Ran> ran;
    std::vector<std::uint32_t> order;
    double end = 0;
    std::size_t processes_at_once = 0;
    std::size_t at_once = 0;
};

/// Simulated cells take their share; processes take runs of `least_s` while they fit.
Course play(ScheduleState state) {
    const double budget = state.left_s;
    Course course;
    double now = 0;
    std::map<std::uint32_t, double> ends;
    for (int step = 0; step < 100'000; ++step) {
        state.left_s = budget - now;
        state.running.clear();
        std::size_t processes = 0;
        for (const auto& [ordinal, end] : ends) {
            const bool process = course.ran[ordinal].lasted < 0;
            state.running.push_back(
                {ordinal, process ? SuiteTier::process : SuiteTier::sim, end - now});
            processes += process ? 1U : 0U;
        }
        course.processes_at_once = std::max(course.processes_at_once, processes);
        course.at_once = std::max(course.at_once, ends.size());
        if (const auto start = next_cell(state)) {
            const auto cell =
                std::ranges::find(state.pending, start->ordinal, &PendingCell::ordinal);
            double length = start->share_s;
            if (cell->tier == SuiteTier::process) {
                length = cell->least_s * std::max(1.0, std::floor(start->share_s / cell->least_s));
            }
            course.ran[start->ordinal] = {now, cell->tier == SuiteTier::process ? -length : length};
            course.order.push_back(start->ordinal);
            ends[start->ordinal] = now + length;
            state.pending.erase(cell);
            continue;
        }
        if (ends.empty()) {
            break;
        }
        const auto first = std::ranges::min_element(
            ends, [](const auto& a, const auto& b) { return a.second < b.second; });
        now = std::max(now, first->second);
        course.end = now;
        ends.erase(first);
    }
    for (auto& [ordinal, ran] : course.ran) {
        ran.lasted = std::abs(ran.lasted);
    }
    return course;
}

ScheduleState with(std::vector<PendingCell> cells, double budget_s, unsigned jobs) {
    return {.left_s = budget_s,
            .jobs = jobs,
            .process_jobs = std::max(1U, jobs / 2),
            .pending = std::move(cells),
            .running = {}};
}

TEST(Schedule, TheTimeIsSharedByWeight) {
    const std::vector<double> share =
        shares(with({{0, SuiteTier::sim, 1, 0}, {1, SuiteTier::sim, 3, 0}}, 100, 1));

    EXPECT_DOUBLE_EQ(share[0], 25);
    EXPECT_DOUBLE_EQ(share[1], 75);
}

TEST(Schedule, ACellOnProcessesGetsAWholeRunAtLeast) {
    const std::vector<double> share =
        shares(with({{0, SuiteTier::process, 0.001, 20}, {1, SuiteTier::sim, 1, 0}}, 50, 1));

    EXPECT_DOUBLE_EQ(share[0], 20);
    EXPECT_DOUBLE_EQ(share[1], 30);
}

TEST(Schedule, WhatProcessesCannotUseGoesToTheSimulator) {
    const std::vector<double> share =
        shares(with({{0, SuiteTier::process, 100, 20}, {1, SuiteTier::sim, 1, 0}}, 50, 2));

    EXPECT_DOUBLE_EQ(share[0], 50);
    EXPECT_DOUBLE_EQ(share[1], 50);
}

TEST(Schedule, HeaviestFirstAndProcessesBeforeAll) {
    const Course course = play(with({{0, SuiteTier::sim, 1, 0},
                                     {1, SuiteTier::sim, 5, 0},
                                     {2, SuiteTier::process, 1, 10},
                                     {3, SuiteTier::process, 4, 10}},
                                    600,
                                    1));

    EXPECT_EQ(course.order, (std::vector<std::uint32_t>{3, 2, 1, 0}));
}

TEST(Schedule, NeverMoreThanTheJobs) {
    std::vector<PendingCell> cells;
    for (std::uint32_t i = 0; i < 40; ++i) {
        cells.push_back({i, i % 3 == 0 ? SuiteTier::process : SuiteTier::sim, 1.0 + i % 5, 12});
    }
    const Course course = play(with(cells, 3600, 4));

    EXPECT_EQ(course.at_once, 4U);
    EXPECT_LE(course.processes_at_once, 2U);
    EXPECT_EQ(course.ran.size(), 40U);
}

RC_GTEST_PROP(Schedule, FillsTheBudgetAndRunsEveryCellOnce, ()) {
    const auto count = *rc::gen::inRange<std::uint32_t>(1, 60);
    const auto jobs = *rc::gen::inRange(1U, 5U);
    std::vector<PendingCell> cells;
    double least = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        const bool process = *rc::gen::inRange(0, 3) == 0;
        const double weight = *rc::gen::inRange(1, 50) / 10.0;
        cells.push_back(
            {i, process ? SuiteTier::process : SuiteTier::sim, weight, process ? 15.0 : 0});
        least += process ? 15 : 1;
    }
    // One cell that can take whatever is left.
    cells.push_back({count, SuiteTier::sim, 5, 0});
    const double budget = 300 + 3 * least;

    const Course course = play(with(cells, budget, jobs));

    RC_ASSERT(course.ran.size() == cells.size());
    RC_ASSERT(course.order.size() == cells.size());
    RC_ASSERT(course.end <= budget * 1.001);
    RC_ASSERT(course.end >= budget * 0.9);
}

TEST(Schedule, CellsWithoutTimeAreGivenUpAndOthersAreNot) {
    const ScheduleState state =
        with({{0, SuiteTier::process, 1, 60}, {1, SuiteTier::sim, 1, 0}}, 30, 1);

    EXPECT_EQ(out_of_time(state), std::vector<std::uint32_t>{0});
    EXPECT_EQ(next_cell(state)->ordinal, 1U);
}

TEST(Schedule, TheLastSimulatedCellGoesOnToTheEnd) {
    ScheduleState state = with({{1, SuiteTier::sim, 1, 0}}, 30, 2);
    state.running.push_back({0, SuiteTier::process, 25});

    EXPECT_DOUBLE_EQ(next_cell(state)->share_s, 30);
}

TEST(Schedule, TheEndIsTheBudgetOnlyWhenSomethingFillsIt) {
    EXPECT_DOUBLE_EQ(seconds_to_end(with({{0, SuiteTier::sim, 1, 0}}, 90, 2)), 90);
    ScheduleState state = with({}, 90, 2);
    state.running.push_back({0, SuiteTier::process, 25});
    EXPECT_DOUBLE_EQ(seconds_to_end(state), 25);
}

TEST(Schedule, UntilIsTodayOrTomorrow) {
    EXPECT_EQ(seconds_until(120, 3600), 3600);
    EXPECT_EQ(seconds_until(120, 22 * 3600), 4 * 3600);
    EXPECT_EQ(seconds_until(120, 120 * 60), 24 * 3600);
}

TEST(Priority, TimeGoesWhereItPays) {
    Cell cell{.name = "a", .like = {}, .heal = {}};
    cell.like.fault_classes = {"kill"};
    store::CellPast covered;
    covered.attempts = 5;
    covered.last_version = "v2";
    covered.covered = {{{"kill", "leader"}, 3}, {{"kill", "follower"}, 1}};
    store::CellPast half = covered;
    half.covered.erase({"kill", "leader"});
    store::CellPast failing = covered;
    failing.failures_recent = 2;

    const double usual = deserved_weight(cell, covered, "v2");

    EXPECT_DOUBLE_EQ(usual, 1);
    EXPECT_DOUBLE_EQ(deserved_weight(cell, covered, "v3"), 1.5);
    EXPECT_DOUBLE_EQ(deserved_weight(cell, half, "v2"), 1.5);
    EXPECT_DOUBLE_EQ(deserved_weight(cell, failing, "v2"), 2);
    EXPECT_DOUBLE_EQ(deserved_weight(cell, {}, "v2"), 6);
    failing.failures_recent = 1000;
    EXPECT_DOUBLE_EQ(deserved_weight(cell, failing, "v2"), 3);
}

}  // namespace
}  // namespace squall::harness::suite
