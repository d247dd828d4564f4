// The models whose objects hold one value that is replaced as a whole.
#include <gtest/gtest.h>

#include "checker/cas_register_model.hpp"
#include "checker/kv_model.hpp"
#include "checker/mutex_model.hpp"
#include "checker/register_model.hpp"
#include "single_operation.hpp"

namespace squall::checker {
namespace {

using testing::done;
using testing::list;
using testing::open;
using testing::text;
using testing::told;
using testing::unrecorded;
using testing::Value;

const RegisterModel register_model;
const CasRegisterModel cas_register;
const KvModel kv;
const MutexModel mutex;

TEST(RegisterModel, ADeleteLeavesNothing) {
    EXPECT_EQ(register_model.apply(5, done("delete")), Value{});
    EXPECT_EQ(register_model.apply(5, open("delete")), Value{});
    EXPECT_EQ(register_model.apply(5, told(done("delete"), true)), Value{});
    EXPECT_EQ(register_model.apply(5, told(done("delete"), false)), std::nullopt);
    EXPECT_EQ(register_model.apply({}, told(done("delete"), false)), Value{});
    EXPECT_EQ(register_model.apply({}, told(done("delete"), true)), std::nullopt);
    EXPECT_TRUE(register_model.is_read(told(done("delete"), false)));
    EXPECT_FALSE(register_model.is_read(done("delete")));
    EXPECT_FALSE(register_model.reject(done("delete")));
}

TEST(RegisterModel, AnUnrecordedResultFitsEveryState) {
    EXPECT_EQ(register_model.apply(5, unrecorded(done("read"))), Value{5});
    EXPECT_EQ(register_model.apply({}, unrecorded(done("read"))), Value{});
}

TEST(RegisterModel, AFailedCasWithoutAResultSaysWhatTheStateWasNot) {
    const auto failed = unrecorded(told(done("cas", list({5, 6})), false));

    EXPECT_EQ(register_model.apply(7, failed), Value{7});
    EXPECT_EQ(register_model.apply({}, failed), Value{});
    EXPECT_EQ(register_model.apply(5, failed), std::nullopt);
    EXPECT_FALSE(register_model.effect(failed));
    EXPECT_TRUE(register_model.is_read(failed));
}

TEST(RegisterModel, WhatTestsForDifferenceHasNoEffect) {
    EXPECT_TRUE(register_model.effect(done("delete")));
    EXPECT_TRUE(register_model.effect(told(done("delete"), false)));
    EXPECT_FALSE(register_model.effect(told(done("delete"), true)));
}

TEST(CasRegisterModel, NullIsAValueLikeAnyOther) {
    EXPECT_FALSE(cas_register.reject(done("write", {})));
    EXPECT_FALSE(cas_register.reject(done("cas", list({5, {}}))));
    EXPECT_EQ(cas_register.apply(5, done("cas", list({5, {}}))), Value{});
    EXPECT_EQ(cas_register.apply(5, done("read", {}, {})), std::nullopt);
    EXPECT_EQ(cas_register.apply({}, done("read", {}, {})), Value{});
}

TEST(CasRegisterModel, ACasThatSaysNothingApplied) {
    EXPECT_FALSE(cas_register.reject(done("cas", list({5, 6}))));
    EXPECT_EQ(cas_register.apply(5, done("cas", list({5, 6}))), Value{6});
    EXPECT_EQ(cas_register.apply(7, done("cas", list({5, 6}))), std::nullopt);
}

TEST(CasRegisterModel, NamesWhatItDoesNotKnow) {
    EXPECT_EQ(cas_register.reject(done("append", 1)),
              "function \"append\" is none of read, write, cas, delete");
    EXPECT_EQ(cas_register.reject(done("cas", 5)),
              "the argument of a cas is 5, not [expected, new]");
}

TEST(KvModel, AppendsToTheText) {
    EXPECT_EQ(kv.apply({}, done("append", text("a"))), text("a"));
    EXPECT_EQ(kv.apply(text("a"), done("append", text("b"))), text("ab"));
    EXPECT_EQ(kv.apply(text(""), open("append", text("b"))), text("b"));
    EXPECT_FALSE(kv.effect(done("append", text("b"))));
    EXPECT_FALSE(kv.is_read(done("append", text("b"))));
}

TEST(KvModel, ReplacesAsARegisterDoes) {
    EXPECT_EQ(kv.apply(text("a"), done("put", text("b"))), text("b"));
    EXPECT_EQ(kv.apply(text("a"), done("get", {}, text("a"))), text("a"));
    EXPECT_EQ(kv.apply(text("a"), done("get", {}, text("b"))), std::nullopt);
    EXPECT_EQ(kv.apply(text("a"), done("delete")), Value{});
    const auto cas = told(done("cas", list({text("a"), text("b")})), true);
    EXPECT_EQ(kv.apply(text("a"), cas), text("b"));
    EXPECT_EQ(kv.apply(text("c"), cas), std::nullopt);
}

TEST(KvModel, NamesWhatItDoesNotKnow) {
    EXPECT_EQ(kv.reject(done("read")),
              "function \"read\" is none of get, put, append, delete, cas");
    EXPECT_EQ(kv.reject(done("append", 5)), "the argument of an append is 5, not a text");
    EXPECT_EQ(kv.reject(done("put")), "the argument of a put is nil, not a text");
    EXPECT_TRUE(kv.reject(told(done("cas", list({text("a"), 5})), true)));
    EXPECT_TRUE(kv.reject(done("cas", list({text("a"), text("b")}))));
    EXPECT_FALSE(kv.reject(open("cas", list({{}, text("b")}))));
}

TEST(MutexModel, IsHeldOrFree) {
    EXPECT_EQ(mutex.apply(text("free"), done("acquire")), text("held"));
    EXPECT_EQ(mutex.apply(text("held"), done("acquire")), std::nullopt);
    EXPECT_EQ(mutex.apply(text("held"), open("release")), text("free"));
    EXPECT_EQ(mutex.apply(text("free"), done("release")), std::nullopt);
    EXPECT_TRUE(mutex.reject(done("lock")));
}

TEST(MutexModel, OneThatDidNotApplyIsARead) {
    const auto missed = told(done("acquire"), false);

    EXPECT_TRUE(mutex.is_read(missed));
    EXPECT_EQ(mutex.apply(text("held"), missed), text("held"));
    EXPECT_EQ(mutex.apply(text("free"), missed), std::nullopt);
}

}  // namespace
}  // namespace squall::checker
