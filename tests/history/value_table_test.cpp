#include "history/value_table.hpp"

#include <gtest/gtest.h>

namespace squall::history {
namespace {

TEST(ValueTable, EqualValuesAreOneNumber) {
    ValueTable table;
    EXPECT_EQ(table.intern(Value{}), null_value);
    EXPECT_EQ(table.intern(Value::List{}), empty_list);
    EXPECT_EQ(table.intern(Value(7)), table.intern_number(7));
    EXPECT_EQ(table.intern(Value("7")), table.intern_text("7"));
    EXPECT_NE(table.intern(Value(7)), table.intern(Value("7")));
    EXPECT_NE(table.intern(Value("")), null_value);
    EXPECT_EQ(table.intern(Value(0)), table.intern(Value(0)));
    EXPECT_NE(table.intern(Value(0)), null_value);
}

TEST(ValueTable, GivesBackWhatWasPutIn) {
    ValueTable table;
    const std::vector<Value> values{
        {},
        Value(-1),
        Value(0),
        Value(""),
        Value("a"),
        Value::List{},
        Value::List{Value{}},
        Value::List{Value(1), Value::List{Value("x"), Value{}}, Value("y")},
    };
    std::vector<ValueId> ids;
    for (const Value& value : values) {
        EXPECT_EQ(table.find(value).has_value(), value.is_null() || value == Value::List{});
        ids.push_back(table.intern(value));
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        EXPECT_EQ(table.value(ids[i]), values[i]);
        EXPECT_EQ(table.find(values[i]), ids[i]);
    }
}

TEST(ValueTable, ListsShareTheirBeginnings) {
    ValueTable table;
    ValueId list = empty_list;
    for (std::int64_t i = 0; i < 1000; ++i) {
        list = table.append(list, table.intern_number(i));
    }
    EXPECT_EQ(table.size(), 2 + 2 * 1000);
    EXPECT_EQ(table.length(list), 1000);
    EXPECT_EQ(table.last(list), table.intern_number(999));
    EXPECT_EQ(table.length(table.front(list)), 999);
    EXPECT_EQ(table.elements(list).front(), table.intern_number(0));
}

TEST(ValueTable, KeepsApartALotOfThem) {
    ValueTable table;
    std::vector<ValueId> ids;
    for (std::int64_t i = 0; i < 20'000; ++i) {
        ids.push_back(table.intern_number(i * i));
        ids.push_back(table.intern_text(std::to_string(i)));
    }
    for (std::int64_t i = 0; i < 20'000; ++i) {
        const auto at = static_cast<std::size_t>(2 * i);
        ASSERT_EQ(table.number(ids[at]), i * i);
        ASSERT_EQ(table.text(ids[at + 1]), std::to_string(i));
    }
    EXPECT_EQ(table.size(), 2 + 2 * 20'000);
}

}  // namespace
}  // namespace squall::history
