#include "checker/partial_linearization.hpp"

#include <gtest/gtest.h>

#include "checker/register_model.hpp"
#include "register_history.hpp"

namespace squall::checker {
namespace {

using testing::Operation;
using testing::RegisterHistory;
using testing::Value;

PartialLinearization longest(const RegisterHistory& history, std::uint64_t tries = 200'000) {
    const RegisterModel model;
    std::vector<const Operation*> operations;
    for (const Operation& operation : history.operations()) {
        operations.push_back(&operation);
    }
    return longest_partial_linearization(operations, model, model.initial(), tries);
}

TEST(PartialLinearization, StopsWhereNothingFits) {
    const PartialLinearization found = longest(
        RegisterHistory{}.write(1, 5).ok(1).write(1, 6).ok(1).read(2).ok(2, 5).read(3).ok(3, 6));
    EXPECT_EQ(found.initial, "nil");
    EXPECT_EQ(found.steps, (std::vector<LinearizedStep>{{0, "5"}, {2, "6"}}));
    EXPECT_EQ(found.blocked, (std::vector<Blocked>{{4, "returned 5, but the state is 6"}}));
}

TEST(PartialLinearization, OfAGoodHistoryIsAllOfIt) {
    const PartialLinearization found =
        longest(RegisterHistory{}.write(1, 5).read(2).ok(2, {}).ok(1).read(2).ok(2, 5));
    EXPECT_EQ(found.steps, (std::vector<LinearizedStep>{{1, "nil"}, {0, "5"}, {4, "5"}}));
    EXPECT_TRUE(found.blocked.empty());
}

TEST(PartialLinearization, UsesOperationsOfUnknownOutcomeOnlyWhereTheyExplain) {
    const PartialLinearization found =
        longest(RegisterHistory{}.write(1, 5).info(1).write(2, 6).info(2).read(3).ok(3, 6));
    EXPECT_EQ(found.steps, (std::vector<LinearizedStep>{{2, "6"}, {4, "6"}}));
    EXPECT_EQ(found.blocked,
              (std::vector<Blocked>{
                  {0, "may take effect here, making it 5, but that explains nothing more"}}));
}

TEST(PartialLinearization, SaysWhatACasNeeds) {
    const PartialLinearization found =
        longest(RegisterHistory{}.write(1, 5).ok(1).cas(2, 7, 8).applied(2));
    EXPECT_EQ(found.blocked, (std::vector<Blocked>{{2, "needs 7, but the state is 5"}}));
}

TEST(PartialLinearization, IsTheBestSeenWhenTriesRunOut) {
    RegisterHistory history;
    for (int client = 0; client < 20; ++client) {
        history.write(client, client);
    }
    for (int client = 0; client < 20; ++client) {
        history.ok(client);
    }
    EXPECT_EQ(longest(history, 50).steps.size(), 20);
    EXPECT_LT(longest(history, 5).steps.size(), 20);
}

TEST(PartialLinearization, TooManyOperationsAreNotTried) {
    RegisterHistory history;
    for (std::size_t i = 0; i <= partial_linearization_max; ++i) {
        history.write(1, 1).ok(1);
    }
    EXPECT_TRUE(longest(history).steps.empty());
}

}  // namespace
}  // namespace squall::checker
