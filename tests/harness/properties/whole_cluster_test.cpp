// Whole clusters as a property: whatever plan is drawn, the correct build passes every detector;
// with a bug switched on some plan fails, and RapidCheck leaves little of it.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string_view>
#include <unistd.h>
#include <vector>

#include "harness/shrink/observed_run.hpp"
#include "harness/shrink/size.hpp"
#include "raft/zoo/zoo.hpp"
#include "tests/harness/properties/checked_plans.hpp"

namespace squall::harness::properties {
namespace {

std::string kept_in(const std::string& name) {
    // Other builds may run the same test now.
    return testing::TempDir() + "squall-failed-plan-" + std::to_string(::getpid()) + "-" + name +
           ".json";
}

Plan read_plan(const std::string& file) {
    std::ifstream stream(file);
    std::ostringstream text;
    text << stream.rdbuf();
    return plan_from_json(text.str(), file);
}

TEST(WholeCluster, EveryPlanLeavesTheCorrectBuildValid) {
    const char* bug = std::getenv("SQUALL_PROPERTY_BUG");  // To see what a failure looks like.
    const Checked checked = check_plans(
        any_plan(bug != nullptr ? bug : ""), "WholeCluster/EveryPlan", 1000, kept_in("any"));

    EXPECT_TRUE(checked.passed) << checked.report;
    // Else nothing was tested.
    const auto cases = static_cast<std::uint64_t>(checked.cases);
    EXPECT_GE(checked.ok, cases * 20);
    EXPECT_GE(checked.injected, cases * 2);
    std::cout << checked.cases << " plans, " << checked.ok << " ok operations, " << checked.injected
              << " faults\n";
}

std::size_t median(std::vector<std::size_t> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

/// What was written fails for whoever reads it, in the same way.
void expect_replayed(const std::string& file, const std::string& report) {
    const Results again = simulated(read_plan(file));
    ASSERT_TRUE(failed(again));
    EXPECT_NE(report.find(again.reasons.front()), std::string::npos) << report;
}

class FoundBug : public testing::TestWithParam<std::string_view> {};

TEST_P(FoundBug, FailsAndShrinksToFewFaultsAndOperations) {
    if (!raft::zoo::Bugs::compiled_in) {
        GTEST_SKIP() << "built without the zoo";
    }
    const std::string bug(GetParam());
    std::vector<std::size_t> faults;
    std::vector<std::size_t> operations;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const std::string file = kept_in(bug + "-" + std::to_string(seed));

        const Checked checked = check_plans(any_plan(bug), bug, 500, file, seed);

        ASSERT_FALSE(checked.passed);
        ASSERT_TRUE(checked.first && checked.shrunk) << checked.report;
        const shrink::Size before =
            shrink::size_of(*checked.first, checked.first->operations.value().size());
        const shrink::Size after =
            shrink::size_of(*checked.shrunk, checked.shrunk->operations.value().size());
        std::cout << bug << ": failed after " << checked.cases << " plans; " << to_text(before)
                  << " became " << to_text(after) << " in " << checked.runs << " runs\n";
        faults.push_back(after.faults);
        operations.push_back(after.operations);
        EXPECT_LE(after.nodes, before.nodes);
        EXPECT_LE(after.length, before.length);
        expect_replayed(file, checked.report);
        std::filesystem::remove(file);
    }
    EXPECT_LE(median(faults), 4U);
    EXPECT_LE(median(operations), 10U);
}

constexpr std::array<std::string_view, 5> bugs{
    "stale-read", "term-not-persisted", "ack-before-commit", "local-quorum", "no-noop"};

INSTANTIATE_TEST_SUITE_P(Bugs, FoundBug, testing::ValuesIn(bugs), [](const auto& each) {
    std::string name(each.param);
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

/// A number that every shrink makes smaller, or leaves alone while it makes something plainer.
std::size_t weight(const Plan& plan) {
    return plan.faults.size() + plan.operations.value().size() + plan.nodes +
           static_cast<std::size_t>(plan.time_limit / Duration(1));
}

TEST(AnyPlan, CanBeReadBackAndSoCanEverySmallerOne) {
    EXPECT_TRUE(rc::check("plans can be read back", [] {
        const Plan plan = *any_plan();
        RC_ASSERT(to_json(plan_from_json(to_json(plan), "plan.json")) == to_json(plan));

        rc::Seq<Plan> smaller = smaller_plans(plan);
        const auto skipped = *rc::gen::inRange(0, 40);
        for (int i = 0; i < skipped; ++i) {
            if (const rc::Maybe<Plan> next = smaller.next()) {
                RC_ASSERT(to_json(*next) != to_json(plan));
                RC_ASSERT(weight(*next) <= weight(plan));
                RC_ASSERT(to_json(plan_from_json(to_json(*next), "plan.json")) == to_json(*next));
            }
        }
    }));
}

TEST(AnyPlan, IsTheSameForTheSameSeed) {
    const rc::Random random(42);

    EXPECT_EQ(to_json(any_plan()(random, 10).value()), to_json(any_plan()(random, 10).value()));
}

}  // namespace
}  // namespace squall::harness::properties
