#include "checker/election.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace squall::checker {
namespace {

using history::Operation;
using history::Outcome;
using history::Value;
using ::testing::HasSubstr;

Operation answer(history::NodeId node, Value leader, std::int64_t term, std::uint64_t event) {
    Operation operation;
    operation.function = "leader";
    operation.node = node;
    operation.outcome = Outcome::ok;
    operation.completed = event;
    operation.result = Value(Value::List{std::move(leader), term});
    return operation;
}

const Value n1{std::string("n1")};
const Value n2{std::string("n2")};

TEST(ElectionCheck, DifferentTermsMayHaveDifferentLeaders) {
    const Check check = election_check(std::vector{
        answer(1, n1, 1, 1), answer(2, n1, 1, 3), answer(2, n2, 2, 5), answer(3, {}, 2, 7)});
    EXPECT_EQ(check.verdict, Verdict::valid);
}

TEST(ElectionCheck, TwoLeadersOfOneTermAreInvalidHoweverLateTheyAreNamed) {
    const Check check = election_check(
        std::vector{answer(1, n1, 1, 1), answer(2, n2, 2, 3), answer(3, n2, 1, 500)});
    EXPECT_EQ(check.verdict, Verdict::invalid);
    EXPECT_THAT(check.reason, HasSubstr("term 1 has two leaders"));
    EXPECT_EQ(check.evidence, (std::vector<std::uint64_t>{1, 500}));
}

TEST(ElectionCheck, AnAnswerOfAnotherFormIsNotJudged) {
    Operation odd = answer(1, n1, 1, 1);
    odd.result = Value(std::int64_t{3});
    EXPECT_EQ(election_check(std::vector{odd}).verdict, Verdict::unknown);
}

TEST(ElectionCheck, AnswersThatFailedSayNothing) {
    Operation failed = answer(2, n2, 1, 2);
    failed.outcome = Outcome::fail;
    EXPECT_EQ(election_check(std::vector{answer(1, n1, 1, 1), failed}).verdict, Verdict::valid);
}

}  // namespace
}  // namespace squall::checker
