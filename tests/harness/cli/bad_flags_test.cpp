// Command lines that make no sense: refused before anything is started or written.
#include "tests/harness/cli/command.hpp"

namespace squall::harness::cli {
namespace {

class BadFlags : public Command {
  protected:
    /// The same flags mean the same to both; nothing may be left behind.
    template <typename... Words>
    void expect_both_refuse(const std::string& flags, const Words&... words) {
        for (const char* command : {"run ", "sim "}) {
            expect_usage_error(squall(command + flags), words...);
            EXPECT_TRUE(fs::is_empty(directory_)) << command << flags;
        }
    }
};

TEST_F(BadFlags, UnknownNamesAreAnsweredWithTheChoices) {
    expect_both_refuse("--faults partition,earthquake", "--faults", "earthquake", "partition");
    expect_both_refuse("--faults ,", "--faults");
    expect_both_refuse("--workload poker", "--workload", "poker", "register");
    expect_both_refuse("--system zookeeper", "--system", "zookeeper", "raft-node");
    expect_both_refuse("--bug heisenbug", "--bug", "heisenbug", "stale-read");
    expect_both_refuse("--node 3", "--node");
    expect_usage_error(squall("check --model stack x.jsonl"), "stack", "squall list");
    expect_usage_error(squall("dance"), "dance");
    expect_usage_error(squall(""), "sim");
}

TEST_F(BadFlags, ForeignBytesInNamesAreNotPrintedAsTheyAre) {
    const Outcome outcome = squall("sim --bug $(printf '\\033[31m\\377')");

    expect_usage_error(outcome, "\\x1b[31m\\xff");
    EXPECT_EQ(outcome.output.find('\x1b'), std::string::npos);
}

TEST_F(BadFlags, NumbersOutOfRangeAreAnsweredWithTheRange) {
    expect_both_refuse("--nodes 0", "--nodes", "from 1 to 9");
    expect_both_refuse("--nodes 10", "--nodes", "from 1 to 9");
    expect_both_refuse("--nodes -1", "--nodes");
    expect_both_refuse("--nodes 4294967299", "--nodes");
    expect_both_refuse("--nodes many", "--nodes", "many");
    expect_both_refuse("--nodes 3.5", "--nodes");
    expect_both_refuse("--concurrency 0", "--concurrency", "1000");
    expect_both_refuse("--concurrency 1001", "--concurrency", "1000");
    expect_both_refuse("--keys 0", "--keys", "100000");
    expect_both_refuse("--snapshot-interval 0", "--snapshot-interval");
    expect_both_refuse("--snapshot-interval 18446744073709551615", "--snapshot-interval");
    expect_both_refuse("--seed 18446744073709551616", "--seed");
    expect_both_refuse("--seed -1", "--seed");
    expect_both_refuse("--seed ''", "--seed");
}

TEST_F(BadFlags, DurationsAndRatesOutOfRangeAreAnsweredWithTheRange) {
    expect_both_refuse("--time-limit 0", "--time-limit", "86400 seconds");
    expect_both_refuse("--time-limit -3", "--time-limit", "86400 seconds");
    expect_both_refuse("--time-limit 86401", "--time-limit", "86400 seconds");
    expect_both_refuse("--time-limit nan", "--time-limit");
    expect_both_refuse("--time-limit inf", "--time-limit");
    expect_both_refuse("--time-limit 1e400", "--time-limit");
    expect_both_refuse("--interval 0", "--interval", "3600 seconds");
    expect_both_refuse("--interval 3601", "--interval", "3600 seconds");
    expect_both_refuse("--rate -1", "--rate", "1000000");
    expect_both_refuse("--rate 1e9", "--rate", "1000000");
    expect_both_refuse("--rate nan", "--rate");
}

TEST_F(BadFlags, ContradictionsAreNamed) {
    // More operations than memory is for.
    expect_both_refuse("--rate 100000 --time-limit 86400", "--rate", "--time-limit");
    expect_both_refuse("--nodes 1 --faults partition", "--faults", "one node has no links");
    // A plan decides all that these do.
    write("plan.json", R"({"squall_plan": 1})");
    for (const char* flag : {"--seed 4", "--nodes 3", "--bug stale-read", "--faults none"}) {
        expect_usage_error(squall(std::string("run --plan plan.json ") + flag), "--plan");
    }
    expect_usage_error(squall("sim --plan plan.json --seeds 5"), "--plan");
}

TEST_F(BadFlags, SweepsAndBudgetsHaveBounds) {
    expect_usage_error(squall("sim --seeds 0"), "--seeds", "from 1");
    expect_usage_error(squall("sim --seeds 2000000000"), "--seeds", "1000000000");
    expect_usage_error(squall("sim --jobs 0"), "--jobs", "256");
    expect_usage_error(squall("sim --jobs 257"), "--jobs", "256");
    expect_usage_error(squall("check --steps 0 x"), "--steps");
    expect_usage_error(squall("check --bytes -5 x"), "--bytes");
}

TEST_F(BadFlags, ExistingOutIsNotOverwrittenAndNothingIsSimulatedFirst) {
    write("kept", "precious");
    fs::create_symlink("nowhere", directory_ + "/dangling");

    for (const char* out : {"kept", "dangling", "."}) {
        const std::string flags = std::string(" --time-limit 1 --faults none --out ") + out;
        expect_usage_error(squall("sim" + flags), "--out", out, "exists already");
        expect_usage_error(squall("run" + flags), "--out", out, "exists already");
        // A day of a million seeds: it would take years.
        expect_usage_error(
            squall("sim --seeds 1000000 --time-limit 86400 --rate 10 --out " + std::string(out)),
            "exists already");
    }

    EXPECT_EQ(read("kept"), "precious");
}

TEST_F(BadFlags, OutThatCannotBeMadeIsVoidAndNamesThePlace) {
    write("file", "precious");

    for (const char* out : {"file/run", "file/deep/run", "/proc/run"}) {
        const std::string flags = std::string(" --time-limit 1 --faults none --out ") + out;
        expect_refused(3, squall("sim" + flags), out[0] == '/' ? "/proc" : "file");
        expect_refused(3, squall("run" + flags), out[0] == '/' ? "/proc" : "file");
    }

    EXPECT_EQ(read("file"), "precious");
}

TEST_F(BadFlags, FaultsThatCannotBeAreLeftOutOfAll) {
    EXPECT_EQ(squall("sim --nodes 1 --seed 1 --time-limit 10").code, 0);
}

}  // namespace
}  // namespace squall::harness::cli
