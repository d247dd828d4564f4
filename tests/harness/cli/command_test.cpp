// The program as a user meets it: exit codes, messages that name the remedy, files that are left
// behind.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/wait.h>

#include <gtest/gtest.h>

namespace squall::harness::cli {
namespace {

namespace fs = std::filesystem;

struct Outcome {
    int code = -1;
    std::string output;  ///< stdout and stderr together.
};

/// An empty directory of its own for every test, removed at the end.
class Command : public ::testing::Test {
  protected:
    Command() {
        std::string pattern = ::testing::TempDir() + "squall-cli-XXXXXX";
        directory_ = ::mkdtemp(pattern.data());
    }

    ~Command() override {
        std::error_code ignored;
        fs::remove_all(directory_, ignored);
    }

    [[nodiscard]] Outcome squall(const std::string& arguments) const {
        const std::string line =
            "cd " + directory_ + " && " SQUALL_PROGRAM " " + arguments + " 2>&1";
        Outcome outcome;
        FILE* pipe = ::popen(line.c_str(), "r");
        std::array<char, 4096> buffer{};
        while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) {
            outcome.output += buffer.data();
        }
        const int status = ::pclose(pipe);
        outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        return outcome;
    }

    void write(const std::string& name, const std::string& content) const {
        std::ofstream(directory_ + "/" + name, std::ios::binary) << content;
    }

    [[nodiscard]] std::string read(const std::string& name) const {
        std::ifstream file(directory_ + "/" + name, std::ios::binary);
        std::ostringstream content;
        content << file.rdbuf();
        return content.str();
    }

    std::string directory_;
};

void expect_usage_error(const Outcome& outcome, const std::string& word) {
    EXPECT_EQ(outcome.code, 64) << outcome.output;
    EXPECT_NE(outcome.output.find(word), std::string::npos) << outcome.output;
}

TEST_F(Command, UnknownNamesAreRefusedWithTheChoices) {
    expect_usage_error(squall("sim --faults partition,earthquake"), "earthquake");
    expect_usage_error(squall("sim --faults earthquake"), "partition");
    expect_usage_error(squall("sim --workload poker"), "register");
    expect_usage_error(squall("sim --system zookeeper"), "raft-node");
    expect_usage_error(squall("sim --bug heisenbug"), "stale-read");
    expect_usage_error(squall("check --model stack x.jsonl"), "stack");
    expect_usage_error(squall("dance"), "dance");
    expect_usage_error(squall(""), "sim");
}

TEST_F(Command, NumbersOutOfRangeAreRefused) {
    expect_usage_error(squall("sim --nodes 0"), "--nodes");
    expect_usage_error(squall("sim --concurrency 0"), "--concurrency");
    expect_usage_error(squall("sim --time-limit -3"), "--time-limit");
    expect_usage_error(squall("sim --seeds 0"), "--seeds");
    expect_usage_error(squall("sim --nodes many"), "--nodes");
}

TEST_F(Command, ExistingOutIsNotOverwritten) {
    write("kept", "precious");

    expect_usage_error(squall("sim --time-limit 1 --faults none --out kept"), "kept");

    EXPECT_EQ(read("kept"), "precious");
}

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

TEST_F(Command, ReportOfWhatIsNoRunNamesTheRemedy) {
    expect_usage_error(squall("report nowhere"), "runs/latest");
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

TEST_F(Command, FaultsThatCannotBeAreRefusedOrLeftOut) {
    expect_usage_error(squall("sim --nodes 1 --faults partition"), "one node has no links");

    EXPECT_EQ(squall("sim --nodes 1 --seed 1 --time-limit 10").code, 0);
}

TEST_F(Command, AckBeforeCommitIsInvalidAlsoFromTheHistoryAlone) {
    ASSERT_EQ(squall("sim --bug ack-before-commit --seeds 50 --seed 1 --out run").code, 1);

    EXPECT_EQ(squall("check run/history.jsonl").code, 1);
}

TEST_F(Command, MalformedHistoryNamesFileLineAndField) {
    write("bad.jsonl",
          "{\"squall_history\":1}\n{\"index\":0,\"time\":\"noon\",\"type\":\"note\"}\n{}\n");

    const Outcome outcome = squall("check bad.jsonl");

    expect_usage_error(outcome, "bad.jsonl:2");
    EXPECT_NE(outcome.output.find("time"), std::string::npos) << outcome.output;
}

TEST_F(Command, MissingHistoryIsAUsageError) {
    expect_usage_error(squall("check nowhere.jsonl"), "nowhere.jsonl");
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
