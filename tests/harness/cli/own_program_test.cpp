// Programs of the user's own, as docs/your-raft.md has them: the examples, and raft-node itself.
#include <fmt/format.h>

#include "tests/harness/cli/command.hpp"

namespace squall::harness::cli {
namespace {

class OwnProgram : public Command {
  protected:
    [[nodiscard]] static std::string example(const std::string& name) {
        return " --system maelstrom --bin " EXAMPLES "/" + name + " ";
    }

    /// All three nodes of the small Raft die together and come back one after the other.
    void write_plan_of_a_kill(const std::string& argument) const {
        const auto kill = [](int node, int lasts_ms) {
            return fmt::format(R"({{"id": {0}, "name": "kill", "shape": "all", "nodes": [{0}], )"
                               R"("at_ms": 2500, "duration_ms": {1}}})",
                               node,
                               lasts_ms);
        };
        write("plan.json",
              fmt::format(R"({{"squall_plan": 1, "seed": 7, "system": "maelstrom", )"
                          R"("workload": "lin-kv", "nodes": 3, "rate": 100, "keys": 2, )"
                          R"("time_limit_ms": 8000, "fault_classes": ["kill"], )"
                          R"("program": ["{}/raft.py"{}], "faults": [{}, {}, {}]}})",
                          EXAMPLES,
                          argument,
                          kill(2, 400),
                          kill(3, 1300),
                          kill(1, 700)));
    }

    /// A busy machine may keep a run from a verdict, never make it wrong.
    static void expect_not_convicted(const Outcome& outcome) {
        EXPECT_TRUE(outcome.code == 0 || outcome.code == 2) << outcome.output;
    }
};

TEST_F(OwnProgram, AStaleStoreIsConvictedAndTheWayToRepeatItIsComplete) {
    const Outcome outcome = squall("run" + example("stale_store.py") +
                                   "--node-count 3 --nemesis none --time-limit 5 --seed 4");
    EXPECT_EQ(outcome.code, 1) << outcome.output;
    EXPECT_NE(outcome.output.find("INVALID: linearizable"), std::string::npos) << outcome.output;
    EXPECT_NE(outcome.output.find("--bin " EXAMPLES "/stale_store.py"), std::string::npos)
        << outcome.output;
}

TEST_F(OwnProgram, AFailingRunIsShrunkByRepetition) {
    ASSERT_EQ(squall("run" + example("stale_store.py") +
                     "--node-count 3 --nemesis none --time-limit 3 --election-timeout 0.3 --seed 4 "
                     "--out run")
                  .code,
              1);

    const Outcome outcome = squall("shrink run --budget 15s --confirm 3");

    EXPECT_EQ(outcome.code, 1) << outcome.output;
    EXPECT_NE(outcome.output.find("linearizable still fails"), std::string::npos) << outcome.output;
    EXPECT_NE(outcome.output.find(" of 3 runs"), std::string::npos) << outcome.output;
    EXPECT_NE(read("run/shrunk/plan.json").find("\"operations\""), std::string::npos);
    EXPECT_NE(read("run/shrunk/results.json").find("\"verdict\": \"invalid\""), std::string::npos);
    EXPECT_FALSE(read("run/shrunk/report.html").empty());
    // What was learnt is known the next time.
    const Outcome again = squall("shrink run --budget 1s --confirm 3");
    EXPECT_NE(again.output.find("are known from before"), std::string::npos) << again.output;
}

TEST_F(OwnProgram, ASmallCorrectRaftSurvivesWithoutKills) {
    expect_not_convicted(
        squall("run" + example("raft.py") +
               "-w lin-kv --node-count 3 --concurrency 2n --rate 100 --time-limit 8 --latency 5 "
               "--nemesis partition,packet,pause --interval 1 "
               R"(--leader-pattern 'became leader.*term (\d+)')"));
}

TEST_F(OwnProgram, NodesThatRememberSurviveAKillAndThoseThatForgetAreConvicted) {
    write_plan_of_a_kill("");
    expect_not_convicted(squall("run --plan plan.json --out right"));
    EXPECT_NE(read("right/history.jsonl").find("\"nodes_killed\":1"), std::string::npos);

    write_plan_of_a_kill(R"(, "--forget")");
    const Outcome outcome = squall("run --plan plan.json --out wrong");
    EXPECT_EQ(outcome.code, 1) << outcome.output;
    EXPECT_NE(outcome.output.find("linearizable"), std::string::npos) << outcome.output;
    // It traces itself, so that the cause is named, too.
    EXPECT_NE(read("wrong/results.json").find("Persistent currentTerm and votedFor"),
              std::string::npos);
    EXPECT_EQ(squall("traces wrong").code, 1);
    EXPECT_EQ(squall("traces right").code, 0);
}

TEST_F(OwnProgram, RaftNodeOnStandardInputAndOutputSurvivesAStorm) {
    const std::string flags =
        "run --system maelstrom --bin " RAFT_NODE " --node-count 3 --time-limit 8 --interval 1 ";
    expect_not_convicted(squall(flags + "-- --stdio"));
    EXPECT_NE(read("runs/latest/plan.json").find("--stdio"), std::string::npos);
}

TEST_F(OwnProgram, ItsRealisedPlanRunsAgain) {
    expect_not_convicted(squall("run" + example("raft.py") +
                                "--node-count 3 --rate 50 --time-limit 3 --interval 1 --out run"));
    expect_not_convicted(squall("run --plan run/realised.json --out again"));
    EXPECT_NE(read("again/plan.json").find("raft.py"), std::string::npos);
}

TEST_F(OwnProgram, FlagsThatMakeNoSenseAreRefused) {
    expect_usage_error(squall("run --system maelstrom"), "--bin");
    expect_usage_error(squall("run --bin ./x"), "--system maelstrom");
    expect_usage_error(squall("run -- --forget"), "--system maelstrom");
    expect_usage_error(squall("sim --system maelstrom"), "cannot be simulated");
    expect_usage_error(squall("run --workload election"), "raft-node has no workload");
    expect_usage_error(squall("run --system maelstrom --bin ./x --latency -1"), "--latency");
    expect_usage_error(squall("run --system maelstrom --bin ./x --election-timeout 0.001"),
                       "--election-timeout");
    expect_usage_error(squall("run --system maelstrom --bin ./x --leader-pattern leader"),
                       "--leader-pattern",
                       "(\\d+)");
    expect_usage_error(squall("run --concurrency twice"), "--concurrency", "2n");
    EXPECT_TRUE(fs::is_empty(directory_));
}

TEST_F(OwnProgram, AProgramThatIsNotThereMakesTheRunVoid) {
    expect_refused(3, squall("run --system maelstrom --bin ./x --faults none --out run"), "/x");
}

}  // namespace
}  // namespace squall::harness::cli
