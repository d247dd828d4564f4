#include "checker/zones.hpp"

#include <string>

#include <gtest/gtest.h>

#include "checker/replay.hpp"
#include "register_history.hpp"

namespace squall::checker {
namespace {

using history::CompactHistory;
using history::never;
using testing::Operation;
using testing::Outcome;
using testing::RegisterHistory;
using testing::Value;

EngineResult judge(const std::vector<Operation>& operations,
                   const char* model_name = "cas-register") {
    const CompactHistory history = history::compact(operations);
    const Model& model = *find_model(model_name);
    const auto parts = history.by_key();
    return judge_by_zones({history, parts.parts().front(), model, model.initial()}, Budget{});
}

EngineResult judge(const RegisterHistory& history) {
    return judge(history.operations());
}

/// An operation of a client of its own; without an end its outcome is unknown.
Operation operation(std::uint64_t invoked,
                    std::uint64_t completed,
                    std::string function,
                    Value argument,
                    Value result = {}) {
    Operation made;
    made.invoked = invoked;
    made.completed = completed;
    made.client = static_cast<history::ClientId>(invoked);
    made.function = std::move(function);
    made.key = "x";
    made.argument = std::move(argument);
    made.result = std::move(result);
    made.outcome = completed == never ? Outcome::info : Outcome::ok;
    return made;
}

Value text(const char* characters) {
    return Value(std::string(characters));
}

Value list(std::initializer_list<std::int64_t> elements) {
    Value::List made;
    for (const std::int64_t element : elements) {
        made.emplace_back(element);
    }
    return made;
}

TEST(Zones, AReadNeedsAWriter) {
    EXPECT_EQ(judge(RegisterHistory{}.write(1, 1).ok(1).read(2).ok(2, 1)).verdict, Verdict::valid);
    const auto bad = judge(RegisterHistory{}.write(1, 2).fail(1).read(2).ok(2, 2));
    EXPECT_EQ(bad.verdict, Verdict::invalid);
    EXPECT_EQ(bad.conflict, (std::vector<history::OperationId>{0, 1}));
}

TEST(Zones, OnlyOneCasTakesAValue) {
    EXPECT_EQ(
        judge(RegisterHistory{}.cas(1, Value{}, 1).cas(2, 1, 2).applied(1).applied(2)).verdict,
        Verdict::valid);
    EXPECT_EQ(judge(RegisterHistory{}.cas(1, Value{}, 1).cas(2, Value{}, 2).applied(1).applied(2))
                  .verdict,
              Verdict::invalid);
}

TEST(Zones, AChainOfCasBeginsSomewhere) {
    EXPECT_EQ(judge(RegisterHistory{}.cas(1, 2, 1).cas(2, 1, 2).applied(1).applied(2)).verdict,
              Verdict::invalid);
    EXPECT_EQ(judge(RegisterHistory{}.cas(1, 7, 1).applied(1)).verdict, Verdict::invalid);
    EXPECT_EQ(judge(RegisterHistory{}.write(3, 7).cas(1, 7, 1).applied(1).ok(3)).verdict,
              Verdict::valid);
}

TEST(Zones, WhatNobodySawOfUnknownOutcomeIsLeftOut) {
    const auto seen =
        judge(RegisterHistory{}.write(1, 1).info(1).cas(2, 1, 2).info(2).read(3).ok(3, 2));
    EXPECT_EQ(seen.verdict, Verdict::valid);
    EXPECT_EQ(seen.witness, (std::vector<history::OperationId>{0, 1, 2}));

    const auto unseen =
        judge(RegisterHistory{}.write(1, 1).info(1).cas(2, 1, 2).info(2).read(3).ok(3, Value{}));
    EXPECT_EQ(unseen.verdict, Verdict::valid);
    EXPECT_EQ(unseen.witness, (std::vector<history::OperationId>{2}));

    EXPECT_EQ(judge(RegisterHistory{}.cas(2, 1, 2).info(2).read(3).ok(3, 2)).verdict,
              Verdict::invalid);
}

TEST(Zones, WithinABlockTheOrderIsFixed) {
    const auto reading = [](std::int64_t first, std::int64_t second) {
        return judge(RegisterHistory{}
                         .write(1, 1)
                         .cas(2, 1, 2)
                         .read(3)
                         .ok(3, first)
                         .read(3)
                         .ok(3, second)
                         .ok(1)
                         .applied(2))
            .verdict;
    };
    EXPECT_EQ(reading(1, 2), Verdict::valid);
    EXPECT_EQ(reading(2, 1), Verdict::invalid);
    EXPECT_EQ(judge(RegisterHistory{}.read(3).ok(3, 1).write(1, 1).ok(1)).verdict,
              Verdict::invalid);
}

TEST(Zones, TwoValuesAreNotThereAtTheSameTime) {
    // 1 is there from its write to the last read; so is 2.
    const auto reading = [](std::int64_t last) {
        return judge(RegisterHistory{}
                         .write(1, 1)
                         .ok(1)
                         .write(2, 2)
                         .read(3)
                         .ok(3, 2)
                         .ok(2)
                         .read(3)
                         .ok(3, last))
            .verdict;
    };
    EXPECT_EQ(reading(2), Verdict::valid);
    EXPECT_EQ(reading(1), Verdict::invalid);
}

TEST(Zones, AValueThatComesAndGoesWhileAnotherIsThereIsTooMany) {
    // All of 2 happens while 1 is certainly there; or it only begins then.
    const auto reading = [](bool within) {
        RegisterHistory history;
        history.write(1, 1).ok(1).write(2, 2).read(3);
        if (within) {
            history.ok(3, 2).ok(2).read(4).ok(4, 1);
        } else {
            history.read(4).ok(4, 1).ok(3, 2).ok(2);
        }
        return judge(history).verdict;
    };
    EXPECT_EQ(reading(true), Verdict::invalid);
    EXPECT_EQ(reading(false), Verdict::valid);
}

TEST(Zones, AFailedCasIsAReadAndOneWithoutItsResultFitsElsewhere) {
    EXPECT_EQ(judge(RegisterHistory{}.write(1, 1).ok(1).cas(2, 5, 6).mismatched(2, 1)).verdict,
              Verdict::valid);
    EXPECT_EQ(
        judge(RegisterHistory{}.write(1, 1).ok(1).cas(2, 5, 6).mismatched(2, Value{})).verdict,
        Verdict::invalid);

    std::vector<Operation> operations =
        RegisterHistory{}.write(1, 1).cas(2, 1, 6).mismatched(2, Value{}).ok(1).operations();
    operations[1].any_result = true;
    EXPECT_EQ(judge(operations).verdict, Verdict::valid);
    operations = RegisterHistory{}.write(1, 1).ok(1).cas(2, 1, 6).mismatched(2, 1).operations();
    operations[1].any_result = true;
    EXPECT_EQ(judge(operations).verdict, std::nullopt);
}

TEST(Zones, ValuesThatRepeatAreNotForThem) {
    const auto result = judge(RegisterHistory{}.write(1, 1).ok(1).write(1, 1).ok(1));
    EXPECT_EQ(result.verdict, std::nullopt);
    EXPECT_EQ(result.reason, "a value is written more than once");
}

TEST(Zones, OneDeleteBringsBackTheBeginning) {
    const auto reading = [](std::int64_t since) {
        return judge({operation(0, 1, "write", 1),
                      operation(2, 3, "delete", {}),
                      operation(4, 5, "read", {}, since == 0 ? Value{} : Value{since})})
            .verdict;
    };
    EXPECT_EQ(reading(0), Verdict::valid);
    EXPECT_EQ(reading(1), Verdict::invalid);
    EXPECT_EQ(judge({operation(0, 1, "delete", {}), operation(2, 3, "delete", {})}).verdict,
              std::nullopt);
}

TEST(Zones, ATextTellsWhatItIsMadeOf) {
    const auto reading = [](const char* seen) {
        return judge({operation(0, 1, "put", text("a.")),
                      operation(2, 3, "append", text("b.")),
                      operation(4, never, "append", text("c.")),
                      operation(5, 6, "get", {}, text(seen))},
                     "kv")
            .verdict;
    };
    EXPECT_EQ(reading("a.b."), Verdict::valid);
    EXPECT_EQ(reading("a.b.c."), Verdict::valid);
    EXPECT_EQ(reading("a.c."), Verdict::invalid);
    EXPECT_EQ(reading("b.a."), Verdict::invalid);
    EXPECT_EQ(reading("a.b.d."), Verdict::invalid);
    EXPECT_EQ(reading("a.b.b."), Verdict::invalid);
    EXPECT_EQ(judge({operation(0, 1, "put", text("1")),
                     operation(2, 3, "append", text("12")),
                     operation(5, 6, "get", {}, text("112"))},
                    "kv")
                  .verdict,
              std::nullopt);
}

TEST(Zones, ReadsOfAListBeginAlike) {
    const auto reading = [](Value first, Value second) {
        return judge({operation(0, 5, "append", 1),
                      operation(1, 6, "append", 2),
                      operation(2, never, "append", 3),
                      operation(7, 8, "read", {}, std::move(first)),
                      operation(9, 10, "read", {}, std::move(second))},
                     "append-list")
            .verdict;
    };
    EXPECT_EQ(reading(list({2, 1}), list({2, 1})), Verdict::valid);
    EXPECT_EQ(reading(list({2, 1}), list({2, 1, 3})), Verdict::valid);
    EXPECT_EQ(reading(list({2, 1, 3}), list({2, 1})), Verdict::invalid);
    EXPECT_EQ(reading(list({2, 1}), list({1, 2})), Verdict::invalid);
    EXPECT_EQ(reading(list({1}), list({1, 2})), Verdict::invalid);
    EXPECT_EQ(reading(list({1, 2, 4}), list({1, 2, 4})), Verdict::invalid);
}

TEST(Replay, BelievesNoOrderThatLeavesSomethingOutOrTurnsTimeRound) {
    const CompactHistory history =
        history::compact(RegisterHistory{}.write(1, 1).ok(1).write(1, 2).ok(1).operations());
    const Model& model = *find_model("cas-register");
    const auto parts = history.by_key();
    const KeyProblem problem{history, parts.parts().front(), model, model.initial()};
    using Order = std::vector<history::OperationId>;

    EXPECT_EQ(replay(problem, Order{0, 1}), std::nullopt);
    EXPECT_EQ(replay(problem, Order{0}), "op #2 is missing");
    EXPECT_EQ(replay(problem, Order{1, 0}), "op #0 had completed earlier");
    EXPECT_EQ(replay(problem, Order{0, 0, 1}), "op #0 does not belong there");
}

}  // namespace
}  // namespace squall::checker
