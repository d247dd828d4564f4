#include "checker/linearizability.hpp"

#include <gtest/gtest.h>

#include "checker/register_model.hpp"
#include "register_history.hpp"

namespace squall::checker {
namespace {

using testing::Operation;
using testing::RegisterHistory;
using testing::Value;

const RegisterModel model;

Verdict verdict(const RegisterHistory& history) {
    return check_linearizable(history.operations(), model, Budget{}).verdict;
}

TEST(Linearizability, AnEmptyHistoryIsValid) {
    EXPECT_EQ(verdict(RegisterHistory{}), Verdict::valid);
}

TEST(Linearizability, AReadSeesTheLastCompletedWrite) {
    const auto reading = [](Value value) {
        return verdict(
            RegisterHistory{}.write(1, 1).ok(1).write(1, 2).ok(1).read(2).ok(2, std::move(value)));
    };

    EXPECT_EQ(reading(2), Verdict::valid);
    EXPECT_EQ(reading(1), Verdict::invalid);
    EXPECT_EQ(reading({}), Verdict::invalid);
    EXPECT_EQ(reading(3), Verdict::invalid);
}

TEST(Linearizability, AReadDuringAWriteMaySeeEitherValueButNotGoBack) {
    const auto readings = [](Value first, Value second) {
        return verdict(RegisterHistory{}
                           .write(1, 1)
                           .ok(1)
                           .write(1, 2)
                           .read(2)
                           .ok(2, std::move(first))
                           .read(2)
                           .ok(2, std::move(second))
                           .ok(1));
    };

    EXPECT_EQ(readings(1, 1), Verdict::valid);
    EXPECT_EQ(readings(1, 2), Verdict::valid);
    EXPECT_EQ(readings(2, 2), Verdict::valid);
    EXPECT_EQ(readings(2, 1), Verdict::invalid);
}

TEST(Linearizability, AWriteOfUnknownOutcomeMayTakeEffectMuchLaterOrNever) {
    const auto readings = [](Value first, Value second) {
        return verdict(RegisterHistory{}
                           .write(1, 7)
                           .info(1)
                           .write(2, 1)
                           .ok(2)
                           .read(2)
                           .ok(2, std::move(first))
                           .read(2)
                           .ok(2, std::move(second)));
    };

    EXPECT_EQ(readings(1, 1), Verdict::valid);
    EXPECT_EQ(readings(1, 7), Verdict::valid);
    EXPECT_EQ(readings(7, 7), Verdict::valid);
    EXPECT_EQ(readings(7, 1), Verdict::invalid);
}

TEST(Linearizability, AFailedWriteMustNeverBeSeen) {
    EXPECT_EQ(verdict(RegisterHistory{}.write(1, 7).fail(1).read(2).ok(2, Value{})),
              Verdict::valid);
    EXPECT_EQ(verdict(RegisterHistory{}.write(1, 7).fail(1).read(2).ok(2, 7)), Verdict::invalid);
}

TEST(Linearizability, ACasNeedsWhatItExpects) {
    EXPECT_EQ(verdict(RegisterHistory{}.cas(1, Value{}, 1).applied(1).cas(1, 1, 2).applied(1)),
              Verdict::valid);
    EXPECT_EQ(verdict(RegisterHistory{}.cas(1, Value{}, 1).applied(1).cas(1, 3, 2).applied(1)),
              Verdict::invalid);
    EXPECT_EQ(
        verdict(
            RegisterHistory{}.write(1, 1).ok(1).cas(1, 1, 2).cas(2, 1, 3).applied(1).applied(2)),
        Verdict::invalid);
}

TEST(Linearizability, AFailedCasIsARead) {
    const auto failing_with = [](Value current) {
        return verdict(
            RegisterHistory{}.write(1, 1).ok(1).cas(2, 5, 6).mismatched(2, std::move(current)));
    };

    EXPECT_EQ(failing_with(1), Verdict::valid);
    EXPECT_EQ(failing_with({}), Verdict::invalid);
    EXPECT_EQ(failing_with(5), Verdict::invalid);
}

TEST(Linearizability, KeysAreIndependent) {
    std::vector<Operation> operations =
        RegisterHistory{"a"}.write(1, 1).ok(1).read(1).ok(1, 1).operations();
    const RegisterHistory other = RegisterHistory{"b"}.read(2).ok(2, Value{}).read(2).ok(2, 1);
    operations.insert(operations.end(), other.operations().begin(), other.operations().end());

    const auto result = check_linearizable(operations, model, Budget{});

    EXPECT_EQ(result.keys, 2U);
    EXPECT_EQ(result.verdict, Verdict::invalid);
    EXPECT_EQ(result.counterexample->key, "b");
}

TEST(Linearizability, ASpentBudgetIsUnknownAndNamesTheKey) {
    RegisterHistory history("busy");
    for (int client = 0; client < 10; ++client) {
        history.write(client, client % 2);
    }
    for (int client = 0; client < 10; ++client) {
        history.ok(client);
    }
    history.read(1).ok(1, 1);

    const auto result =
        check_linearizable(history.operations(), model, Budget{.steps = 4, .bytes = 1U << 20U});

    EXPECT_EQ(result.verdict, Verdict::unknown);
    EXPECT_NE(result.reason.find("busy"), std::string::npos);
    EXPECT_EQ(
        check_linearizable(history.operations(), model, Budget{.steps = 1000, .bytes = 8}).verdict,
        Verdict::unknown);
}

TEST(Linearizability, ABudgetSpentOnOneKeyDoesNotHideABadOne) {
    RegisterHistory busy("busy");
    for (int client = 0; client < 30; ++client) {
        busy.write(client, client % 5);
    }
    for (int client = 0; client < 30; ++client) {
        busy.ok(client).read(100).ok(100, client % 3);
    }
    const RegisterHistory bad = RegisterHistory{"bad"}.read(200).ok(200, 9);
    std::vector<Operation> operations = busy.operations();
    operations.insert(operations.end(), bad.operations().begin(), bad.operations().end());

    const auto result =
        check_linearizable(operations, model, Budget{.steps = 40, .bytes = 1U << 20U});

    EXPECT_EQ(result.verdict, Verdict::invalid);
    EXPECT_EQ(result.counterexample->key, "bad");
}

TEST(Linearizability, AnOperationThatTheModelDoesNotKnowIsUnknown) {
    std::vector<Operation> operations = RegisterHistory{}.write(1, 1).ok(1).operations();
    operations[0].function = "append";

    const auto result = check_linearizable(operations, model, Budget{});

    EXPECT_EQ(result.verdict, Verdict::unknown);
    EXPECT_EQ(result.reason,
              "append op #0 by c1 does not fit model register: function \"append\" is none of "
              "read, write, cas, delete");
}

TEST(Linearizability, TheCoreIsSmallAndThePrefixEndsWhereItWentWrong) {
    RegisterHistory history;
    for (int value = 1; value <= 50; ++value) {
        history.write(1, value).ok(1).read(2).ok(2, value);
    }
    history.read(3).ok(3, 48);
    for (int value = 51; value <= 100; ++value) {
        history.write(1, value).ok(1).read(2).ok(2, value);
    }

    const Check check = linearizability_check(history.operations(), model, Budget{});

    EXPECT_EQ(check.verdict, Verdict::invalid);
    EXPECT_EQ(check.reason,
              "key x: read op #200 by c3 returned 48, the value of write op #188 by c1, but write "
              "op #196 of 50 by c1 had completed before the read began (and began after that write "
              "had completed)");
    ASSERT_EQ(check.details.size(), 6U);
    EXPECT_EQ(check.details[0], "op #188..#189 c1 on n1: write 48");
    EXPECT_EQ(check.details[2], "op #200..#201 c3 on n1: read -> 48");
    EXPECT_EQ(
        check.details[3],
        "the longest order that explains some of them, from nil: op #188 => 48, op #196 => 50");
    EXPECT_EQ(check.details[4], "then op #200 returned 48, but the state is 50");
    EXPECT_EQ(check.details[5], "the shortest bad prefix of the key has 101 operations");
    EXPECT_EQ(check.evidence, (std::vector<std::uint64_t>{188, 189, 196, 197, 200, 201}));
}

}  // namespace
}  // namespace squall::checker
