// `squall traces` over what a second implementation of the format writes: tests/traces/emit.py
// knows docs/trace-format.md and nothing else of Squall.
#include <fmt/format.h>

#include "tests/harness/cli/command.hpp"

namespace squall::harness::cli {
namespace {

class Traces : public Command {
  protected:
    [[nodiscard]] static int emit(const std::string& directory, const std::string& wrong = {}) {
        const std::string option = wrong.empty() ? "" : " --wrong " + wrong;
        const std::string line = "python3 " EMIT_TRACES " " + directory + option;
        return std::system(line.c_str());
    }
};

TEST_F(Traces, OfAClusterThatKeepsThePaperAreValid) {
    ASSERT_EQ(emit(directory_ + "/right"), 0);

    const Outcome outcome = squall("traces right");

    EXPECT_EQ(outcome.code, 0) << outcome.output;
    EXPECT_EQ(outcome.output.find("unknown"), std::string::npos) << outcome.output;
    EXPECT_NE(outcome.output.find("exactly-once"), std::string::npos) << outcome.output;
}

TEST_F(Traces, EachContradictionIsFoundByItsInvariant) {
    for (const char* wrong : {"election-safety",
                              "vote-once",
                              "durable-hard-state",
                              "log-matching",
                              "commit-certificate",
                              "applied-hash",
                              "monotone-commit-and-applied",
                              "leader-append-only",
                              "leader-completeness",
                              "exactly-once",
                              "bounded-resources",
                              "term-growth"}) {
        ASSERT_EQ(emit(directory_ + "/" + wrong, wrong), 0);

        const Outcome outcome = squall(fmt::format("traces {}", wrong));

        EXPECT_EQ(outcome.code, 1) << outcome.output;
        EXPECT_NE(outcome.output.find(fmt::format("  {:<28} invalid", wrong)), std::string::npos)
            << outcome.output;
    }
}

TEST_F(Traces, WhatIsNoneIsRefused) {
    Outcome outcome = squall("traces nowhere");
    EXPECT_EQ(outcome.code, 64) << outcome.output;
    EXPECT_NE(outcome.output.find("nowhere"), std::string::npos) << outcome.output;

    ASSERT_EQ(emit(directory_ + "/bad"), 0);
    write("bad/n2/trace-2.jsonl", "{\"squall_trace\":1,\"node\":2,\"inc\":2}\n{\"seq\":0}\n");
    outcome = squall("traces bad");
    EXPECT_EQ(outcome.code, 64) << outcome.output;
    EXPECT_NE(outcome.output.find("bad/n2/trace-2.jsonl:2: node: missing"), std::string::npos)
        << outcome.output;
}

}  // namespace
}  // namespace squall::harness::cli
