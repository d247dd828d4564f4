// What is said of each way in which a register can go wrong.
#include "checker/explain.hpp"

#include <gtest/gtest.h>

#include "checker/linearizability.hpp"
#include "checker/register_model.hpp"
#include "register_history.hpp"

namespace squall::checker {
namespace {

using testing::RegisterHistory;
using testing::Value;

std::string sentence(const RegisterHistory& history) {
    const RegisterModel model;
    const auto result = check_linearizable(history.operations(), model, Budget{});
    return result.counterexample ? result.counterexample->sentence : to_string(result.verdict);
}

TEST(Explanation, OfAValueThatNobodyWrote) {
    EXPECT_EQ(sentence(RegisterHistory{}.write(1, 5).ok(1).read(2).ok(2, 9)),
              "key x: read op #2 by c2 returned 9, which no operation wrote");
}

TEST(Explanation, OfAReadOfAFailedWrite) {
    EXPECT_EQ(
        sentence(RegisterHistory{}.write(1, 5).fail(1).read(2).ok(2, 5)),
        "key x: read op #2 by c2 returned 5, the value of write op #0 by c1, but that one had "
        "failed: it must never take effect");
}

TEST(Explanation, OfAReadOfACasThatDidNotApply) {
    EXPECT_EQ(sentence(RegisterHistory{}.cas(1, 3, 5).mismatched(1, Value{}).read(2).ok(2, 5)),
              "key x: read op #2 by c2 returned 5, the value of cas op #0 by c1, but that one did "
              "not apply: it must never take effect");
}

TEST(Explanation, OfAReadFromTheFuture) {
    EXPECT_EQ(
        sentence(RegisterHistory{}.read(2).ok(2, 5).write(1, 5).ok(1)),
        "key x: read op #0 by c2 returned 5, the value of write op #2 by c1, which began only "
        "later");
}

TEST(Explanation, OfALostWrite) {
    EXPECT_EQ(sentence(RegisterHistory{}.write(1, 5).ok(1).read(2).ok(2, Value{})),
              "key x: read op #2 by c2 returned nil, the initial value, but write op #0 of 5 by c1 "
              "had completed before the read began");
}

TEST(Explanation, OfAStaleRead) {
    EXPECT_EQ(sentence(RegisterHistory{}.write(1, 5).ok(1).write(1, 6).ok(1).read(2).ok(2, 5)),
              "key x: read op #4 by c2 returned 5, the value of write op #0 by c1, but write op #2 "
              "of 6 by c1 had completed before the read began (and began after that write had "
              "completed)");
}

TEST(Explanation, OfAStaleReadOfAWriteOfUnknownOutcome) {
    EXPECT_EQ(
        sentence(
            RegisterHistory{}.write(1, 5).info(1).read(2).ok(2, 5).write(2, 6).ok(2).read(2).ok(2,
                                                                                                5)),
        "key x: read op #6 by c2 returned 5, the value of write op #0 by c1, but write op #4 "
        "of 6 by c2 had completed before the read began (and began after read op #2 by c2 "
        "returned 5)");
}

TEST(Explanation, OfAReadThatGoesBackBehindAnother) {
    EXPECT_EQ(
        sentence(RegisterHistory{}.write(1, 5).ok(1).write(1, 6).read(2).ok(2, 6).read(3).ok(3, 5)),
        "key x: read op #5 by c3 returned 5, the value of write op #0 by c1, but read op #3 "
        "by c2 returned 6 before the read began (and after that write had completed)");
    EXPECT_EQ(sentence(RegisterHistory{}.write(1, 6).read(2).ok(2, 6).read(3).ok(3, Value{})),
              "key x: read op #3 by c3 returned nil, the initial value, but read op #1 by c2 "
              "returned 6 before the read began");
}

TEST(Explanation, OfTwoCasThatReplacedTheSameValue) {
    EXPECT_EQ(
        sentence(
            RegisterHistory{}.write(1, 5).ok(1).cas(1, 5, 6).cas(2, 5, 7).applied(1).applied(2)),
        "key x: cas op #3 by c2 found and replaced 5, the value of write op #0 by c1, but cas "
        "op #2 by c1 replaced the same value, which was written only once");
}

TEST(Explanation, OfAReadOfAReplacedValue) {
    EXPECT_EQ(
        sentence(
            RegisterHistory{}.write(1, 5).ok(1).cas(1, 5, 6).applied(1).cas(2, 8, 9).mismatched(2,
                                                                                                5)),
        "key x: cas op #4 by c2 did not apply and returned 5, the value of write op #0 by c1, but "
        "cas op #2 of 6 by c1 had completed before the cas began");
}

TEST(Explanation, OfACasThatContradictsItself) {
    EXPECT_EQ(sentence(RegisterHistory{}.write(1, 5).ok(1).cas(2, 5, 9).mismatched(2, 5)),
              "key x: cas op #2 by c2 did not apply and returned 5, which is what it expected");
}

TEST(Explanation, OfAnythingElseSaysHowManyOperationsCannotBeOrdered) {
    // Two writers of one value: no single origin to speak of.
    EXPECT_EQ(
        sentence(RegisterHistory{}.write(1, 5).ok(1).write(1, 5).ok(1).write(1, 6).ok(1).read(2).ok(
            2, 5)),
        "key x: no order of 4 operations explains that read op #6 by c2 returned 5");
}

TEST(Explanation, ListsAnOperationOnOneLine) {
    auto operations = RegisterHistory{}.cas(4, 1, 2).applied(4).write(5, 3).operations();
    operations[0].position = history::LogPosition{2, 9};

    EXPECT_EQ(line_of(operations[0]), "op #0..#1 c4 on n1: cas [1, 2] applied (term 2, index 9)");
    EXPECT_EQ(line_of(operations[1]), "op #2.. c5 on n1: write 3 (outcome unknown)");
}

}  // namespace
}  // namespace squall::checker
