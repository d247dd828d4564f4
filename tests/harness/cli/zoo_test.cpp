// The scorecard as a command: what it says and keeps, that it goes on where it was ended, and what
// it refuses.
#include "raft/zoo/zoo.hpp"

#include <nlohmann/json.hpp>

#include "tests/harness/cli/command.hpp"

namespace squall::harness::cli {
namespace {

class Zoo : public Command {
  protected:
    void SetUp() override {
        if (!raft::zoo::Bugs::compiled_in) {
            GTEST_SKIP() << "built without the zoo";
        }
    }
};

TEST_F(Zoo, KeepsAScorecardAndPlansThatFailAgain) {
    const Outcome outcome = squall("zoo --bug stale-read --tries 2 --alone-seeds 5 --out card");

    ASSERT_EQ(outcome.code, 0) << outcome.output;
    EXPECT_NE(outcome.output.find("1 of 1: stale-read convicted"), std::string::npos);
    EXPECT_NE(outcome.output.find("1 of 1 bugs convicted, in 2 of 2 tries"), std::string::npos)
        << outcome.output;
    const auto json = nlohmann::json::parse(read("card/scorecard.json"));
    const auto& bug = json.at("bugs").at(0);
    EXPECT_EQ(bug.at("slug"), "stale-read");
    EXPECT_EQ(bug.at("convicted"), true);
    EXPECT_GE(bug.at("seeds"), 1);
    EXPECT_EQ(bug.at("tries").size(), 2U);
    EXPECT_EQ(bug.at("tries").at(0).at("shrunk").at("failed_again"), 3);
    EXPECT_EQ(bug.at("alone").at("linearizability").at("detector"), "linearizability");
    EXPECT_EQ(squall("sim --plan card/plans/stale-read-1-shrunk.json --no-shrink").code, 1);
    EXPECT_EQ(squall("sim --plan card/plans/stale-read-1.json --no-shrink").code, 1);
}

TEST_F(Zoo, GoesOnWhereItWasEnded) {
    const std::string command =
        "zoo --bug stale-read --tries 1 --no-alone --no-shrink --json --out card";
    const Outcome first = squall(command);
    const std::string kept = read("card/stale-read.json");

    const Outcome again = squall(command);
    const Outcome other = squall(command + " --seed 5");

    EXPECT_EQ(first.code, 0);
    EXPECT_EQ(again.code, 0);
    EXPECT_NE(again.output.find("known from before"), std::string::npos) << again.output;
    EXPECT_EQ(read("card/stale-read.json"), kept);
    expect_usage_error(other, "--out", "card/stale-read.json", "settings", "another directory");
}

// One seed of a hundred fails: what is rare gets through to the end as well.
TEST_F(Zoo, ReportsTheCanary) {
    const Outcome outcome = squall("zoo --bug canary --tries 1 --no-alone --json");

    ASSERT_EQ(outcome.code, 0) << outcome.output;
    const auto json = nlohmann::json::parse(outcome.output.substr(outcome.output.find('{')));
    const auto& canary = json.at("bugs").at(0);
    EXPECT_EQ(canary.at("convicted"), true);
    EXPECT_EQ(canary.at("detector"), "linearizability");
    EXPECT_EQ(canary.at("counts"), false);
    EXPECT_GT(canary.at("seeds"), 1);
    EXPECT_EQ(json.at("totals").at("bugs"), 0);
}

TEST_F(Zoo, SaysWhenNobodyNoticed) {
    const Outcome outcome = squall("zoo --bug canary --tries 1 --seeds 2 --no-alone");

    EXPECT_EQ(outcome.code, 1);
    EXPECT_NE(outcome.output.find("not convicted"), std::string::npos) << outcome.output;
    EXPECT_NE(outcome.output.find("canary: found in 0 of 1 tries"), std::string::npos)
        << outcome.output;
}

TEST_F(Zoo, RefusesFlagsThatMeanNothing) {
    expect_usage_error(squall("zoo --tier moon"), "--tier", "sim", "process");
    expect_usage_error(squall("zoo --bug heisenbug"), "heisenbug", "stale-read");
    expect_usage_error(squall("zoo --tries 0"), "--tries", "from 1 to");
    expect_usage_error(squall("zoo --seeds 0"), "--seeds", "from 1 to");
    expect_usage_error(squall("zoo --alone-seeds 0"), "--alone-seeds", "from 1 to");
    expect_usage_error(squall("zoo --limit soon"), "--limit");
    expect_usage_error(squall("zoo --tier process --jobs 3"), "--jobs", "from 1 to 2");
    expect_usage_error(squall("zoo --shrink-budget 1m"), "--shrink-budget", "--tier process");
    expect_usage_error(squall("zoo --tier process --shrink-budget soon"), "--shrink-budget");
    EXPECT_TRUE(fs::is_empty(directory_));
}

}  // namespace
}  // namespace squall::harness::cli
