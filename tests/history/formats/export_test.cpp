#include "history/formats/export.hpp"

#include <sstream>

#include <gtest/gtest.h>

namespace squall::history::formats {
namespace {

Imported read(const std::string& text) {
    std::istringstream in(text);
    return read_history(in, "h", {});
}

std::string edn_of(const Imported& imported, std::vector<std::string>& warnings) {
    std::string text;
    for (const std::string& line : edn_lines(events_of(imported.history, warnings))) {
        text += line + "\n";
    }
    return text;
}

const std::string log =
    "INFO  jepsen.util - 0\t:invoke\t:read\tnil\n"
    "INFO  jepsen.util - 1\t:invoke\t:cas\t[0 2]\n"
    "INFO  jepsen.util - 2\t:invoke\t:write\t4\n"
    "INFO  jepsen.util - 0\t:ok\t:read\t4\n"
    "INFO  jepsen.util - 2\t:info\t:write\t:timed-out\n"
    "INFO  jepsen.util - 1\t:ok\t:cas\t[0 2]\n"
    "INFO  jepsen.util - 0\t:invoke\t:cas\t[7 8]\n"
    "INFO  jepsen.util - 0\t:fail\t:cas\t[7 8]\n";

TEST(Export, CompletionsRepeatWhatWasAskedForAndTheUnknownEndLast) {
    std::vector<std::string> warnings;

    EXPECT_EQ(edn_of(read(log), warnings),
              "{:index 0, :time 0, :type :invoke, :process 0, :f :read, :value nil}\n"
              "{:index 1, :time 1, :type :invoke, :process 1, :f :cas, :value [0 2]}\n"
              "{:index 2, :time 2, :type :invoke, :process 2, :f :write, :value 4}\n"
              "{:index 3, :time 3, :type :ok, :process 0, :f :read, :value 4}\n"
              "{:index 4, :time 4, :type :ok, :process 1, :f :cas, :value [0 2]}\n"
              "{:index 5, :time 5, :type :invoke, :process 0, :f :cas, :value [7 8]}\n"
              "{:index 6, :time 6, :type :fail, :process 0, :f :cas, :value [7 8], :error "
              "\"result-unknown\"}\n"
              "{:index 7, :time 7, :type :info, :process 2, :f :write, :value 4, :error "
              "\"unknown\"}\n");
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_NE(warnings[0].find("1 failed cas"), std::string::npos);
}

TEST(Export, WhatIsWrittenAsEdnIsReadAsTheSameOperations) {
    const Imported first = read(
        "#hist-v1 model=reg init=0\n"
        "I\t1\twrite\tk1\t\"a \\\"b\\\\\"\t\n"
        "I\t2\tread\tk2\t\t\n"
        "O\t2\tread\tk2\t[1 [2] nil]\t\n"
        "O\t1\twrite\tk1\t\t\n"
        "I\t2\twrite\tk2\t5\t\n");
    ASSERT_FALSE(first.error);
    std::vector<std::string> warnings;

    const Imported again = read(edn_of(first, warnings));

    ASSERT_FALSE(again.error) << again.error->message();
    ASSERT_EQ(again.history.operations.size(), first.history.operations.size());
    for (OperationId id = 0; id < 3; ++id) {
        const Operation before = first.history.expand(id);
        const Operation after = again.history.expand(id);
        EXPECT_EQ(after.invoked, before.invoked);
        EXPECT_EQ(after.completed, before.completed);
        EXPECT_EQ(after.key, before.key);
        EXPECT_EQ(after.argument, before.argument);
        EXPECT_EQ(after.result, before.result);
        EXPECT_EQ(after.outcome, before.outcome);
    }
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_NE(warnings[0].find("--init '0'"), std::string::npos);
}

TEST(Export, FaultsAreOfTheNemesis) {
    std::vector<Event> events(1);
    events[0].type = EventType::fault;
    events[0].time = Time{7};
    events[0].fault = FaultRecord{1, "kill", FaultPhase::begin, "kill n1", {}, {}};

    EXPECT_EQ(edn_lines(events).front(),
              "{:index 0, :time 7, :type :info, :process :nemesis, :f :kill, :value \"begin kill "
              "n1\"}");
}

}  // namespace
}  // namespace squall::history::formats
