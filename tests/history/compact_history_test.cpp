#include "history/compact_history.hpp"

#include <gtest/gtest.h>

namespace squall::history {
namespace {

Operation operation(std::string function, std::string key, Value argument) {
    static std::uint64_t next = 0;
    Operation made;
    made.invoked = next++;
    made.completed = next++;
    made.client = 3;
    made.node = 2;
    made.function = std::move(function);
    made.key = std::move(key);
    made.argument = std::move(argument);
    made.outcome = Outcome::ok;
    return made;
}

TEST(CompactHistory, GivesBackItsOperations) {
    std::vector<Operation> operations{
        operation("write", "a", Value(1)),
        operation("read", "b", {}),
        operation("cas", "a", Value::List{Value(1), Value("two")}),
        operation("append", "c", Value::List{Value(1), Value(2)}),
    };
    operations[1].result = Value::List{Value(1), Value(2)};
    operations[1].final_read = true;
    operations[2].applied = false;
    operations[2].result = Value(1);
    operations[3].outcome = Outcome::info;
    operations[3].completed = never;
    operations[3].position = LogPosition{2, 7};
    operations[0].any_result = true;
    const CompactHistory history = compact(operations);
    ASSERT_EQ(history.operations.size(), operations.size());
    for (OperationId i = 0; i < operations.size(); ++i) {
        const Operation back = history.expand(i);
        const Operation& from = operations[i];
        EXPECT_EQ(back.invoked, from.invoked);
        EXPECT_EQ(back.completed, from.completed);
        EXPECT_EQ(back.client, from.client);
        EXPECT_EQ(back.node, from.node);
        EXPECT_EQ(back.function, from.function);
        EXPECT_EQ(back.key, from.key);
        EXPECT_EQ(back.argument, from.argument);
        EXPECT_EQ(back.result, from.result);
        EXPECT_EQ(back.any_result, from.any_result);
        EXPECT_EQ(back.applied, from.applied);
        EXPECT_EQ(back.outcome, from.outcome);
        EXPECT_EQ(back.position, from.position);
        EXPECT_EQ(back.final_read, from.final_read);
    }
}

TEST(CompactHistory, PartsAreTheKeysInOrderOfInvocation) {
    const std::vector<Operation> operations{
        operation("write", "a", Value(1)),
        operation("write", "b", Value(2)),
        operation("write", "a", Value(3)),
    };
    const CompactHistory history = compact(operations);
    const KeyParts by_key = history.by_key();
    ASSERT_EQ(by_key.parts().size(), 2);
    EXPECT_EQ(history.keys.at(by_key.parts()[0].key), "a");
    const auto a = by_key.parts()[0].operations;
    EXPECT_EQ(std::vector(a.begin(), a.end()), (std::vector<OperationId>{0, 2}));
    const auto b = by_key.parts()[1].operations;
    EXPECT_EQ(std::vector(b.begin(), b.end()), (std::vector<OperationId>{1}));
}

TEST(CompactHistory, RefusesMoreThanItsNumbersHold) {
    CompactHistory history;
    Operation late = operation("read", "a", {});
    late.invoked = std::uint64_t{1} << 32U;
    EXPECT_THROW(history.add(late), std::length_error);
    for (int i = 0; i < 256; ++i) {
        history.add(operation(std::to_string(i), "a", {}));
    }
    EXPECT_THROW(history.add(operation("one more", "a", {})), std::length_error);
}

}  // namespace
}  // namespace squall::history
