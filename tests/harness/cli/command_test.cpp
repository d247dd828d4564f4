// The program as a user meets it: exit codes and the files that are left behind. What it says to
// bad input is told by bad_*_test.cpp.
#include "tests/harness/cli/command.hpp"

namespace squall::harness::cli {
namespace {

TEST_F(Command, ListNamesEveryKindOfThing) {
    const Outcome outcome = squall("list");

    EXPECT_EQ(outcome.code, 0);
    for (const char* word : {"raft-node",
                             "register",
                             "partition",
                             "kill",
                             "pause",
                             "packet",
                             "clock",
                             "stale-read",
                             "ack-before-commit",
                             "term-not-persisted",
                             "linearizability"}) {
        EXPECT_NE(outcome.output.find(word), std::string::npos) << word << " is not in:\n"
                                                                << outcome.output;
    }
}

TEST_F(Command, ReportsAreMadeAgainFromTheDirectoryOfARun) {
    ASSERT_EQ(squall("sim --seed 1 --bug stale-read --out run").code, 1);
    const std::string markdown = read("run/report.md");
    const std::string junit = read("run/junit.xml");
    fs::remove(directory_ + "/run/report.md");
    fs::remove(directory_ + "/run/report.html");
    fs::remove(directory_ + "/run/junit.xml");

    const Outcome outcome = squall("report run");

    EXPECT_EQ(outcome.code, 1) << outcome.output;
    EXPECT_EQ(read("run/report.md"), markdown);
    EXPECT_EQ(read("run/junit.xml"), junit);
    EXPECT_NE(read("run/report.html").find("<h1 class=\"verdict invalid\">"), std::string::npos);
}

TEST_F(Command, ReportOfAKilledRunIsVoidAndJudgesWhatThereIs) {
    ASSERT_EQ(squall("sim --seed 1 --time-limit 5 --out passed").code % 2, 0);
    fs::remove(directory_ + "/passed/results.json");
    ASSERT_EQ(squall("sim --seed 1 --bug stale-read --out failed").code, 1);
    fs::remove(directory_ + "/failed/results.json");

    EXPECT_EQ(squall("report passed").code, 3);
    EXPECT_EQ(squall("report failed").code, 1);
}

TEST_F(Command, SimulatedStormIsValidAndKept) {
    const Outcome outcome = squall("sim --seed 1 --time-limit 12 --out run");

    EXPECT_EQ(outcome.code, 0) << outcome.output;
    EXPECT_NE(outcome.output.find("VALID"), std::string::npos);
    EXPECT_NE(read("run/results.json").find("\"verdict\": \"valid\""), std::string::npos);
    EXPECT_NE(read("run/report.md").find("## Reproduce"), std::string::npos);
    EXPECT_EQ(squall("check run/history.jsonl").code, 0);
}

TEST_F(Command, SimulatedHistoryIsTheSameEveryTime) {
    ASSERT_EQ(squall("sim --seed 5 --time-limit 8 --out first").code & ~2, 0);
    ASSERT_EQ(squall("sim --seed 5 --time-limit 8 --out second").code & ~2, 0);

    EXPECT_FALSE(read("first/history.jsonl").empty());
    EXPECT_EQ(read("first/history.jsonl"), read("second/history.jsonl"));
    EXPECT_EQ(read("first/plan.json"), read("second/plan.json"));
    EXPECT_EQ(read("first/realised.json"), read("second/realised.json"));
    int lives = 0;
    for (const auto& entry : fs::recursive_directory_iterator(directory_ + "/first/nodes")) {
        if (entry.is_regular_file()) {
            const std::string life = fs::relative(entry.path(), directory_ + "/first").string();
            EXPECT_EQ(read("first/" + life), read("second/" + life)) << life;
            ++lives;
        }
    }
    EXPECT_GE(lives, 5);
}

TEST_F(Command, DiskFaultsAreSimulatedOnlySoFar) {
    EXPECT_EQ(squall("sim --seed 1 --faults disk --time-limit 8 --out run").code & ~2, 0);

    expect_usage_error(squall("run --faults disk"), "--faults", "disk", "squall sim");
    write("plan.json",
          R"({"squall_plan": 1, "faults": [{"id": 1, "name": "mine",)"
          R"( "action": {"power_loss": {"nodes": [1]}}}]})");
    expect_usage_error(squall("run --plan plan.json"), "faults[0].action", "squall sim");
    EXPECT_EQ(read("run/plan.json").find("\"name\": \"kill\""), std::string::npos);
}

TEST_F(Command, OnlyAQuorumIsHealedOnDemand) {
    EXPECT_EQ(squall("sim --seed 1 --heal quorum --time-limit 8 --out run").code & ~2, 0);

    EXPECT_NE(read("run/history.jsonl").find("for-ever"), std::string::npos);
    EXPECT_NE(read("run/plan.json").find("heal_quorum_only"), std::string::npos);
    expect_usage_error(squall("sim --heal some"), "--heal");
}

TEST_F(Command, StaleReadIsInvalidAlsoFromTheHistoryAlone) {
    const Outcome outcome = squall("sim --bug stale-read --seeds 50 --seed 1 --out run");

    EXPECT_EQ(outcome.code, 1) << outcome.output;
    EXPECT_NE(outcome.output.find("INVALID"), std::string::npos) << outcome.output;
    const Outcome check = squall("check run/history.jsonl");
    EXPECT_EQ(check.code, 1) << check.output;
    EXPECT_NE(check.output.find("linearizable"), std::string::npos) << check.output;
}

TEST_F(Command, PlanOfARunIsRunAgain) {
    ASSERT_EQ(squall("sim --seed 9 --time-limit 8 --out first").code & ~2, 0);

    const Outcome again = squall("sim --plan first/plan.json --out second");

    EXPECT_EQ(again.code & ~2, 0) << again.output;
    EXPECT_EQ(read("first/history.jsonl"), read("second/history.jsonl"));
    expect_usage_error(squall("sim --plan nowhere.json"), "nowhere.json");
}

TEST_F(Command, SweepKeepsTheFirstUndecidedSeed) {
    // So short that hardly anything can succeed.
    const Outcome outcome = squall("sim --seed 3 --seeds 3 --time-limit 1 --rate 5 --out run");

    EXPECT_EQ(outcome.code, 2) << outcome.output;
    EXPECT_NE(outcome.output.find("seed 3"), std::string::npos) << outcome.output;
    EXPECT_FALSE(read("run/report.md").empty());
}

TEST_F(Command, DirectoryOfARunStandsForItsHistory) {
    ASSERT_EQ(squall("sim --seed 2 --time-limit 5 --faults none --out run").code, 0);

    EXPECT_EQ(squall("check run").code, 0);
}

TEST_F(Command, AckBeforeCommitIsInvalidAlsoFromTheHistoryAlone) {
    ASSERT_EQ(squall("sim --bug ack-before-commit --seeds 50 --seed 1 --out run").code, 1);

    EXPECT_EQ(squall("check run/history.jsonl").code, 1);
}

TEST_F(Command, HistoryOfAKilledRunIsStillChecked) {
    ASSERT_EQ(squall("sim --seed 2 --time-limit 5 --faults none --out run").code, 0);
    const std::string whole = read("run/history.jsonl");
    write("torn.jsonl", whole.substr(0, whole.size() - 7));

    const Outcome outcome = squall("check torn.jsonl");

    EXPECT_EQ(outcome.code, 0) << outcome.output;
    EXPECT_NE(outcome.output.find("warning"), std::string::npos) << outcome.output;
}

TEST_F(Command, RunWithoutANodeProgramIsVoidAndSaysSo) {
    const Outcome outcome = squall("run --time-limit 1 --node-binary ./not-there");

    EXPECT_EQ(outcome.code, 3) << outcome.output;
    EXPECT_NE(outcome.output.find("not-there"), std::string::npos) << outcome.output;
}

}  // namespace
}  // namespace squall::harness::cli
