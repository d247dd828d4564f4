#include "harness/maelstrom/leader_pattern.hpp"

#include <gtest/gtest.h>

#include "harness/failure.hpp"

namespace squall::harness::maelstrom {
namespace {

TEST(LeaderPattern, FindsTheTermInALine) {
    const LeaderPattern pattern(R"(became leader.*term (\d+))");
    EXPECT_EQ(pattern.term_led("12:00 n1 became leader of term 17"), 17U);
    EXPECT_FALSE(pattern.term_led("n1 became follower of term 17"));
    EXPECT_FALSE(pattern.term_led("became leader in term 99999999999999999999999"));
}

TEST(LeaderPattern, SaysWhatIsWrongWithIt) {
    EXPECT_THROW(LeaderPattern("leader"), Failure);
    EXPECT_THROW(LeaderPattern("leader (\\d+"), Failure);
}

TEST(LeaderPattern, LongLinesDoNotHurt) {
    const LeaderPattern pattern(R"(became (.*)*leader.*term (\d+))");
    EXPECT_FALSE(pattern.term_led(std::string(1'000'000, 'x')));
}

}  // namespace
}  // namespace squall::harness::maelstrom
