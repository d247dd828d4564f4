#include "harness/maelstrom/breach.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace squall::harness::maelstrom {
namespace {

using checker::Verdict;
using ::testing::HasSubstr;

TEST(BreachLog, WithoutBreachesIsValid) {
    EXPECT_EQ(BreachLog().check(false).verdict, Verdict::valid);
}

TEST(BreachLog, ABreachConvictsAndItsFirstCaseIsShown) {
    BreachLog log;
    log.add(2, Breach::not_a_message, "Traceback \x1b[31m");
    log.add(2, Breach::not_a_message, "and more");
    const checker::Check check = log.check(false);
    EXPECT_EQ(check.verdict, Verdict::invalid);
    EXPECT_THAT(check.reason, HasSubstr("n2 wrote a line that is no message (2 times)"));
    EXPECT_THAT(check.reason, HasSubstr("Traceback \\x1b[31m"));
}

TEST(BreachLog, ASecondReplyIsNoBreachWhereMessagesWereDuplicated) {
    BreachLog log;
    log.add(1, Breach::second_reply, "");
    EXPECT_EQ(log.check(false).verdict, Verdict::invalid);
    EXPECT_EQ(log.check(true).verdict, Verdict::valid);
    EXPECT_FALSE(log.check(true).details.empty());
}

TEST(BreachLog, AFloodIsToldButConvictsNobody) {
    BreachLog log;
    log.add(1, Breach::flood, "");
    log.add(3, Breach::input_unread, "");
    EXPECT_EQ(log.check(false).verdict, Verdict::valid);
    EXPECT_EQ(log.check(false).details.size(), 2U);
}

}  // namespace
}  // namespace squall::harness::maelstrom
