#include "checker/register_model.hpp"

#include <gtest/gtest.h>

#include "register_history.hpp"

namespace squall::checker {
namespace {

using testing::Operation;
using testing::Outcome;
using testing::pair_of;
using testing::RegisterHistory;
using testing::Value;

const RegisterModel model;

Operation only(const RegisterHistory& history) {
    return history.operations().front();
}

const Operation write_5 = only(RegisterHistory{}.write(1, 5).ok(1));
const Operation read_5 = only(RegisterHistory{}.read(1).ok(1, 5));
const Operation cas_5_6 = only(RegisterHistory{}.cas(1, 5, 6).applied(1));
const Operation failed_cas_5_6 = only(RegisterHistory{}.cas(1, 5, 6).mismatched(1, 7));
const Operation open_cas_5_6 = only(RegisterHistory{}.cas(1, 5, 6).info(1));

TEST(RegisterModel, IsInTheRegistry) {
    ASSERT_NE(find_model("register"), nullptr);
    EXPECT_EQ(find_model("register")->name(), "register");
    EXPECT_EQ(find_model("no such model"), nullptr);
}

TEST(RegisterModel, AppliesWhatTheStateAllows) {
    EXPECT_EQ(model.apply(Value{}, write_5), Value{5});
    EXPECT_EQ(model.apply(5, read_5), Value{5});
    EXPECT_EQ(model.apply(4, read_5), std::nullopt);
    EXPECT_EQ(model.apply(5, cas_5_6), Value{6});
    EXPECT_EQ(model.apply(7, cas_5_6), std::nullopt);
    EXPECT_EQ(model.apply(7, failed_cas_5_6), Value{7});
    EXPECT_EQ(model.apply(8, failed_cas_5_6), std::nullopt);
    EXPECT_EQ(model.apply(5, open_cas_5_6), Value{6});
}

TEST(RegisterModel, AFailedCasThatFoundWhatItExpectedFitsNoState) {
    const Operation absurd = only(RegisterHistory{}.cas(1, 5, 6).mismatched(1, 5));

    EXPECT_EQ(model.apply(5, absurd), std::nullopt);
    EXPECT_EQ(model.apply(6, absurd), std::nullopt);
}

TEST(RegisterModel, EffectsSayWhatApplyDoes) {
    for (const Operation& operation : {write_5, read_5, cas_5_6, failed_cas_5_6, open_cas_5_6}) {
        const auto effect = model.effect(operation);
        ASSERT_TRUE(effect);
        for (const Value& state : {Value{}, Value{5}, Value{6}, Value{7}}) {
            const bool allowed = !effect->observes || *effect->observes == state;
            const auto after = model.apply(state, operation);
            EXPECT_EQ(after.has_value(), allowed);
            if (after) {
                EXPECT_EQ(*after, effect->writes.value_or(state));
                EXPECT_EQ(model.is_read(operation), !effect->writes);
            }
        }
    }
}

TEST(RegisterModel, RejectsWhatItDoesNotKnow) {
    EXPECT_FALSE(model.reject(write_5));
    EXPECT_FALSE(model.reject(open_cas_5_6));
    Operation operation = write_5;
    operation.function = "append";
    EXPECT_TRUE(model.reject(operation));
    operation = write_5;
    operation.argument = Value{};
    EXPECT_TRUE(model.reject(operation));
    operation = cas_5_6;
    operation.applied.reset();
    EXPECT_TRUE(model.reject(operation));
    operation = cas_5_6;
    operation.argument = Value{5};
    EXPECT_TRUE(model.reject(operation));
}

}  // namespace
}  // namespace squall::checker
