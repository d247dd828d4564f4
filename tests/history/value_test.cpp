#include "history/value.hpp"

#include <gtest/gtest.h>

namespace squall::history {
namespace {

TEST(Value, OrdersNullThenIntegersThenStringsThenLists) {
    const std::vector<Value> ascending{Value{},
                                       Value{-1},
                                       Value{7},
                                       Value{"a"},
                                       Value{"b"},
                                       Value{Value::List{}},
                                       Value{Value::List{Value{1}}},
                                       Value{Value::List{Value{1}, Value{2}}}};

    for (std::size_t i = 0; i < ascending.size(); ++i) {
        for (std::size_t j = 0; j < ascending.size(); ++j) {
            EXPECT_EQ(ascending[i] < ascending[j], i < j) << i << " " << j;
            EXPECT_EQ(ascending[i] == ascending[j], i == j) << i << " " << j;
        }
    }
}

TEST(Value, HashesEqualValuesEqually) {
    EXPECT_EQ(Value(Value::List{Value{3}, Value{"x"}}).hash(),
              Value(Value::List{Value{3}, Value{"x"}}).hash());
    EXPECT_NE(Value{3}.hash(), Value{"3"}.hash());
}

TEST(Value, PrintsAsReportsShowIt) {
    EXPECT_EQ(to_text(Value{}), "nil");
    EXPECT_EQ(to_text(Value(Value::List{Value{3}, Value{"x"}, Value{}})), "[3, \"x\", nil]");
}

}  // namespace
}  // namespace squall::history
