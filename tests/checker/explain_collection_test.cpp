// What is said of each way in which lists, sets, queues and counters can go wrong.
#include "checker/explain_collection.hpp"

#include <gtest/gtest.h>

#include "checker/linearizability.hpp"

namespace squall::checker {
namespace {

using history::Operation;
using history::Outcome;
using history::Value;

/// One operation after the other, by client 1.
class Story {
  public:
    explicit Story(std::string model) : model_(std::move(model)) {}

    Story& ok(std::string function, Value argument, Value result = {}) {
        Operation& operation = add(std::move(function), std::move(argument));
        operation.outcome = Outcome::ok;
        operation.result = std::move(result);
        operation.completed = next_++;
        return *this;
    }

    Story& fail(std::string function, Value argument) {
        Operation& operation = add(std::move(function), std::move(argument));
        operation.outcome = Outcome::fail;
        operation.completed = next_++;
        return *this;
    }

    Story& info(std::string function, Value argument) {
        add(std::move(function), std::move(argument));
        return *this;
    }

    [[nodiscard]] std::string sentence() const {
        const auto result = check_linearizable(operations_, *find_model(model_), Budget{});
        return result.counterexample ? result.counterexample->sentence : to_string(result.verdict);
    }

  private:
    Operation& add(std::string function, Value argument) {
        Operation operation;
        operation.invoked = next_++;
        operation.client = 1;
        operation.function = std::move(function);
        operation.argument = std::move(argument);
        return operations_.emplace_back(std::move(operation));
    }

    std::string model_;
    std::uint64_t next_ = 0;
    std::vector<Operation> operations_;
};

Value list(const Value::List& elements) {
    return elements;
}

TEST(ExplainList, ALostAppend) {
    EXPECT_EQ(
        Story("append-list").ok("append", 1).ok("append", 2).ok("read", {}, list({1})).sentence(),
        "read op #4 by c1 returned [1] without 2, but append op #2 by c1 of it had completed "
        "before the read began");
}

TEST(ExplainList, AnElementThatWasReadBefore) {
    EXPECT_EQ(Story("append-list")
                  .info("append", 1)
                  .ok("read", {}, list({1}))
                  .ok("read", {}, list({}))
                  .sentence(),
              "read op #3 by c1 returned [] without 1, but read op #1 by c1 had returned it before "
              "the read began");
}

TEST(ExplainList, AnElementOfNobody) {
    EXPECT_EQ(Story("append-list").ok("append", 1).ok("read", {}, list({1, 7})).sentence(),
              "read op #2 by c1 returned [1, 7], but no operation is an append of 7");
    EXPECT_EQ(
        Story("append-list").fail("append", 7).ok("read", {}, list({7})).sentence(),
        "read op #2 by c1 returned [7], but append op #0 by c1 of 7 had failed: it must never "
        "take effect");
    EXPECT_EQ(Story("append-list").ok("read", {}, list({7})).ok("append", 7).sentence(),
              "read op #0 by c1 returned [7], but append op #2 by c1 of 7 began only later");
}

TEST(ExplainList, AnAppendTwice) {
    EXPECT_EQ(Story("append-list").ok("append", 1).ok("read", {}, list({1, 1})).sentence(),
              "read op #2 by c1 returned [1, 1], 2 of them 1, which was appended once");
}

TEST(ExplainList, AnOrderAgainstTime) {
    EXPECT_EQ(
        Story("append-list")
            .ok("append", 1)
            .ok("append", 2)
            .ok("read", {}, list({2, 1}))
            .sentence(),
        "read op #4 by c1 returned [2, 1], but append op #0 by c1 of 1 had completed before append "
        "op #2 by c1 of 2 began");
}

TEST(ExplainList, TwoOrders) {
    EXPECT_EQ(Story("append-list")
                  .info("append", 1)
                  .info("append", 2)
                  .ok("read", {}, list({1, 2}))
                  .ok("read", {}, list({2, 1}))
                  .sentence(),
              "read op #4 by c1 returned [2, 1], but read op #2 by c1 returned [1, 2]: at place 1 "
              "one has 2, the other 1");
}

TEST(ExplainSet, ALostAdd) {
    EXPECT_EQ(Story("set").ok("add", 1).ok("read", {}, list({})).sentence(),
              "read op #2 by c1 returned [] without 1, but add op #0 by c1 of it had completed "
              "before the read began");
}

TEST(ExplainQueue, WhatWasTakenTwice) {
    EXPECT_EQ(Story("queue").ok("enqueue", 1).ok("dequeue", {}, 1).ok("dequeue", {}, 1).sentence(),
              "dequeue op #4 by c1 returned 1, but dequeue op #2 by c1 had returned it too, and it "
              "was enqueued once");
}

TEST(ExplainQueue, WhatWasNotFound) {
    EXPECT_EQ(
        Story("queue").ok("enqueue", 1).ok("dequeue", {}, {}).sentence(),
        "dequeue op #2 by c1 found nothing, but enqueue op #0 by c1 of 1 had completed before "
        "it began, and nobody had taken that");
}

TEST(ExplainQueue, WhatWasOvertaken) {
    EXPECT_EQ(Story("queue").ok("enqueue", 1).ok("enqueue", 2).ok("dequeue", {}, 2).sentence(),
              "dequeue op #4 by c1 returned 2, but enqueue op #0 by c1 of 1 had completed before "
              "enqueue op #2 by c1 of it began, and nobody had taken that");
}

TEST(ExplainCounter, TooMuchAndTooLittle) {
    EXPECT_EQ(Story("counter").ok("add", 2).info("add", 3).ok("read", {}, 6).sentence(),
              "read op #3 by c1 returned 6, but all adds that had begun by then come to 5 at most");
    EXPECT_EQ(
        Story("counter").ok("add", 2).info("add", 3).ok("read", {}, 1).sentence(),
        "read op #3 by c1 returned 1, but the adds that had completed before it began come to "
        "2");
}

}  // namespace
}  // namespace squall::checker
