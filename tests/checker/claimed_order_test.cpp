#include "checker/claimed_order.hpp"

#include <gtest/gtest.h>

#include "checker/register_model.hpp"
#include "register_history.hpp"

namespace squall::checker {
namespace {

using testing::Operation;
using testing::Outcome;
using testing::RegisterHistory;

const RegisterModel model;

/// Two writes and a read, one after the other.
std::vector<Operation> write_write_read(std::int64_t seen) {
    return RegisterHistory{}.write(1, 1).ok(1).write(2, 2).ok(2).read(3).ok(3, seen).operations();
}

std::vector<Operation> placed(std::vector<Operation> operations,
                              const std::vector<history::LogPosition>& places) {
    for (std::size_t i = 0; i < places.size(); ++i) {
        operations[i].position = places[i];
    }
    return operations;
}

TEST(ClaimedOrder, IsSilentWhereAllFits) {
    const auto check =
        claimed_order_check(placed(write_write_read(2), {{1, 4}, {2, 6}, {2, 6}}), model);

    ASSERT_TRUE(check);
    EXPECT_EQ(check->verdict, Verdict::valid) << check->reason;
    EXPECT_EQ(check->details.front(), "3 operations claim a place; 3 of them were replayed");
}

TEST(ClaimedOrder, SaysNothingWithoutClaims) {
    EXPECT_FALSE(claimed_order_check(write_write_read(1), model));
}

TEST(ClaimedOrder, TwoMutationsAtOnePlace) {
    const auto check = claimed_order_check(placed(write_write_read(2), {{1, 4}, {2, 4}}), model);

    EXPECT_EQ(check->verdict, Verdict::invalid);
    EXPECT_EQ(check->reason,
              "write op #0 by c1 and write op #2 by c2 claim one place: term 1, index 4 and "
              "term 2, index 4");
}

TEST(ClaimedOrder, TermsThatFallAlongTheLog) {
    const auto check = claimed_order_check(placed(write_write_read(2), {{3, 4}, {2, 5}}), model);

    EXPECT_EQ(check->verdict, Verdict::invalid);
}

TEST(ClaimedOrder, AMutationBeforeOneThatHadCompleted) {
    const auto check = claimed_order_check(placed(write_write_read(1), {{1, 5}, {1, 4}}), model);

    EXPECT_EQ(check->verdict, Verdict::invalid);
    EXPECT_EQ(check->reason,
              "write op #2 by c2 claims term 1, index 4, before term 1, index 5 of write op #0 by "
              "c1, which had completed when it began");
    EXPECT_EQ(check->evidence, (std::vector<std::uint64_t>{0, 1, 2, 3}));
}

TEST(ClaimedOrder, AReadThatReflectsLessThanWasAcknowledged) {
    const auto check =
        claimed_order_check(placed(write_write_read(1), {{1, 4}, {1, 5}, {1, 4}}), model);

    EXPECT_EQ(check->verdict, Verdict::invalid);
}

TEST(ClaimedOrder, AResultThatTheReplayDoesNotGive) {
    const auto check =
        claimed_order_check(placed(write_write_read(1), {{1, 4}, {1, 5}, {1, 5}}), model);

    EXPECT_EQ(check->verdict, Verdict::invalid);
    EXPECT_EQ(check->reason, "read op #4 by c3 claims term 1, index 5, where key x is 2");
}

TEST(ClaimedOrder, AFailedCasHasAnEntryOfItsOwn) {
    auto operations = RegisterHistory{}
                          .write(1, 1)
                          .ok(1)
                          .cas(2, 7, 8)
                          .mismatched(2, 1)
                          .read(3)
                          .ok(3, 1)
                          .operations();

    const auto check = claimed_order_check(placed(operations, {{1, 4}, {1, 5}, {1, 5}}), model);
    EXPECT_EQ(check->verdict, Verdict::valid) << check->reason;
    EXPECT_EQ(claimed_order_check(placed(operations, {{1, 4}, {1, 4}}), model)->verdict,
              Verdict::invalid);
}

TEST(ClaimedOrder, WhatHasNoPlaceMayStandAnywhere) {
    auto operations = RegisterHistory{}
                          .write(1, 1)
                          .ok(1)
                          .write(2, 9)
                          .info(2)
                          .read(3)
                          .ok(3, 9)
                          .cas(4, 9, 3)
                          .applied(4)
                          .operations();

    const auto check = claimed_order_check(placed(operations, {{1, 4}, {}, {1, 5}, {1, 6}}), model);

    // The crashed write claims nothing: `placed` gave it the place 0.
    EXPECT_EQ(check->verdict, Verdict::valid) << check->reason;
}

TEST(ClaimedOrder, OperationsAtOnceMayStandEitherWay) {
    auto operations =
        RegisterHistory{}.write(1, 1).write(2, 2).ok(1).ok(2).read(3).ok(3, 1).operations();

    EXPECT_EQ(claimed_order_check(placed(operations, {{1, 5}, {1, 4}, {1, 5}}), model)->verdict,
              Verdict::valid);
    EXPECT_EQ(claimed_order_check(placed(operations, {{1, 4}, {1, 5}, {1, 5}}), model)->verdict,
              Verdict::invalid);
}

}  // namespace
}  // namespace squall::checker
