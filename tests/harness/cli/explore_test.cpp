#include <nlohmann/json.hpp>

#include "tests/harness/cli/command.hpp"

namespace squall::harness::cli {
namespace {

class Explore : public Command {};

TEST_F(Explore, AWholeSpaceIsValid) {
    const Outcome outcome = squall("explore --timeouts 1 --proposals 0");

    EXPECT_EQ(outcome.code, 0) << outcome.output;
    EXPECT_TRUE(outcome.output.starts_with("VALID")) << outcome.output;
}

TEST_F(Explore, ALimitLeavesItUnknown) {
    const Outcome outcome = squall("explore --depth 4 --json");

    EXPECT_EQ(outcome.code, 2) << outcome.output;
    EXPECT_EQ(nlohmann::json::parse(outcome.output)["stopped_by"], "depth");
}

TEST_F(Explore, ABugIsInvalid) {
    const Outcome outcome = squall("explore --bug term-not-persisted");

    EXPECT_EQ(outcome.code, 1) << outcome.output;
    EXPECT_TRUE(outcome.output.starts_with("INVALID: durable-hard-state")) << outcome.output;
}

TEST_F(Explore, BadFlagsAreUsageErrorsThatNameThem) {
    for (const auto& [arguments, named] :
         {std::pair("--nodes 6", "--nodes: 6 is not from 2 to 5"),
          std::pair("--timeouts 21", "--timeouts: 21 is not from 0 to 20"),
          std::pair("--timeouts -1", "--timeouts"),
          std::pair("--events 141", "--events: 141 is not from 0 to 140"),
          std::pair("--start later", "--start: 'later' is neither fresh nor elected"),
          std::pair("--disks slow", "--disks: 'slow' is neither real nor instant"),
          std::pair("--memory 0", "--memory: 0 is not from 1"),
          std::pair("--batch 11", "--batch: 11 is not from 0 to 10"),
          std::pair("--time soon", "--time"),
          std::pair("--bug nothing", "bug 'nothing' is not known")}) {
        const Outcome outcome = squall(std::string("explore ") + arguments);

        EXPECT_EQ(outcome.code, 64) << arguments << ": " << outcome.output;
        EXPECT_NE(outcome.output.find(named), std::string::npos) << outcome.output;
    }
}

}  // namespace
}  // namespace squall::harness::cli
