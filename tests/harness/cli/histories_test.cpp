// `squall check` and `squall convert` with histories of other tools.
#include <gtest/gtest.h>

#include "tests/harness/cli/command.hpp"

namespace squall::harness::cli {
namespace {

const std::string stale =
    "INFO  jepsen.util - 0\t:invoke\t:write\t1\n"
    "INFO  jepsen.util - 0\t:ok\t:write\t1\n"
    "INFO  jepsen.util - 0\t:invoke\t:write\t2\n"
    "INFO  jepsen.util - 0\t:ok\t:write\t2\n"
    "INFO  jepsen.util - 1\t:invoke\t:read\tnil\n"
    "INFO  jepsen.util - 1\t:ok\t:read\t1\n";

const std::string good = stale.substr(0, stale.rfind('1')) + "2\n";

class Histories : public Command {};

TEST_F(Histories, ALineAFileAndTheWorstDecides) {
    write("good.log", good);
    write("stale.log", stale);

    const Outcome both = squall("check --jobs 2 good.log stale.log");

    EXPECT_EQ(both.code, 1) << both.output;
    EXPECT_NE(both.output.find("good.log: valid  3 operations, 1 key"), std::string::npos)
        << both.output;
    EXPECT_LT(both.output.find("good.log"), both.output.find("stale.log: invalid"));
    EXPECT_EQ(squall("check good.log").code, 0);
}

TEST_F(Histories, WhatCannotBeReadIsSaidAndTheOthersAreStillJudged) {
    write("good.log", good);
    write("bad.log", "INFO  jepsen.util - 0\t:ok\t:read\t1\n");

    const Outcome outcome = squall("check bad.log good.log");

    expect_usage_error(outcome, "bad.log:1: process", "good.log: valid");
}

TEST_F(Histories, JsonIsAnObjectAFile) {
    write("stale.log", stale);

    const Outcome outcome = squall("check --json stale.log");

    expect_refused(1,
                   outcome,
                   "{\"file\":\"stale.log\",\"verdict\":\"invalid\"",
                   "\"model\":\"cas-register\"",
                   "\"operations\":3,\"keys\":1");
}

TEST_F(Histories, AFailedCasIsWhatTheFlagSays) {
    write("h.log",
          "INFO  jepsen.util - 0\t:invoke\t:write\t1\n"
          "INFO  jepsen.util - 0\t:ok\t:write\t1\n"
          "INFO  jepsen.util - 0\t:invoke\t:cas\t[1 2]\n"
          "INFO  jepsen.util - 0\t:fail\t:cas\t[1 2]\n");

    EXPECT_EQ(squall("check h.log").code, 1);
    EXPECT_EQ(squall("check --failed-cas drop h.log").code, 0);
}

TEST_F(Histories, ThereIsAModelForTheFunctionsOrItIsNamed) {
    write("h.edn", "{:process 0, :type :invoke, :f :leap, :value nil}\n");

    expect_usage_error(squall("check h.edn"), "h.edn", "leap", "--model");
    expect_usage_error(squall("check --format csv h.edn"), "--format", "csv");
    expect_usage_error(squall("check --engine steam h.edn"), "--engine", "steam");
    expect_usage_error(squall("check --failed-cas maybe h.edn"), "--failed-cas");
    expect_usage_error(squall("check --init '{1 2}' h.edn"), "--init");
    expect_usage_error(squall("check --time -1 h.edn"), "--time");
    expect_usage_error(squall("check --jobs 0 h.edn"), "--jobs");
}

TEST_F(Histories, OutOfTimeIsUnknown) {
    std::string text = "#hist-v1 model=cas init=0\n";
    for (int i = 0; i < 400'000; ++i) {
        text += "I\t" + std::to_string(i) + "\twrite\t\t" + std::to_string(i % 3) + "\t\n";
    }
    write("h.hist", text);

    const Outcome outcome = squall("check --time 0.001 h.hist");

    expect_refused(2, outcome, "h.hist: unknown", "--time");
}

TEST_F(Histories, APageShowsWhatIsWrong) {
    write("good.log", good);
    write("stale.log", stale);

    EXPECT_EQ(squall("check --html stale.html stale.log").code, 1);
    EXPECT_EQ(squall("check --html good.html good.log").code, 0);

    const std::string page = read("stale.html");
    EXPECT_NE(page.find("<h1 class=\"verdict invalid\">"), std::string::npos);
    EXPECT_NE(page.find("\"linearization\":[\"nil\",[[0,\"1\"],[2,\"2\"]],[[4,"),
              std::string::npos);
    EXPECT_NE(page.find("scripts/squall check --model"), std::string::npos);
    EXPECT_NE(read("good.html").find("<h1 class=\"verdict valid\">"), std::string::npos);
    expect_usage_error(squall("check --html two.html stale.log good.log"), "--html");
    const Outcome nowhere = squall("check --html no/where.html good.log");
    expect_usage_error(nowhere, "no/where.html");
}

TEST_F(Histories, ConvertedHistoriesHaveTheSameVerdict) {
    write("stale.log", stale);
    write("good.log", good);

    for (const std::string to : {"jsonl", "edn"}) {
        ASSERT_EQ(squall("convert stale.log --to " + to + " -o stale." + to).code, 0);
        ASSERT_EQ(squall("convert good.log --to " + to + " -o good." + to).code, 0);
        EXPECT_EQ(squall("check stale." + to).code, 1);
        EXPECT_EQ(squall("check good." + to).code, 0);
    }
    expect_usage_error(squall("convert good.log --to csv"), "--to", "csv");
    expect_usage_error(squall("convert nowhere --to edn"), "nowhere", "no such file");
}

}  // namespace
}  // namespace squall::harness::cli
