#include "harness/attempts.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "harness/failure.hpp"

namespace squall::harness {
namespace {

using history::Outcome;
using history::Value;
using Status = NodeReply::Status;

constexpr std::uint32_t node_count = 3;
constexpr std::uint64_t attempts_max = node_count + 2;

Attempts ask(const std::string& function, NodeId home = 1, std::uint64_t sequence = 1) {
    Invocation invocation;
    invocation.op = 1;
    invocation.sequence = sequence;
    invocation.node = home;
    invocation.request.function = function;
    return Attempts(invocation, node_count);
}

NodeReply reply(Status status, NodeId leader = 0) {
    NodeReply reply;
    reply.status = status;
    reply.leader = leader;
    return reply;
}

NodeId sent_to(const Attempts::Step& step) {
    const auto* send = std::get_if<Attempts::Send>(&step);
    return send == nullptr ? 0 : send->node;
}

/// "ok", "fail not-leader", "info unknown"; or "send n2".
std::string in_words(const Attempts::Step& step) {
    if (const auto* answer = std::get_if<Answer>(&step)) {
        return std::string(history::to_string(answer->outcome)) +
               (answer->error.empty() ? "" : " " + answer->error);
    }
    return "send n" + std::to_string(sent_to(step));
}

TEST(Attempts, AskTheHomeNodeFirst) {
    EXPECT_EQ(in_words(ask("write", 2).start()), "send n2");
}

TEST(Attempts, FollowTheHintOfANodeThatDoesNotLead) {
    Attempts attempts = ask("write");
    (void)attempts.start();

    EXPECT_EQ(in_words(attempts.on_reply(reply(Status::not_leader, 3))), "send n3");
}

TEST(Attempts, WithoutAUsableHintGoRoundTheNodes) {
    for (const NodeId hint : {0U, 3U, 99U}) {
        Attempts attempts = ask("write", 3);
        (void)attempts.start();

        EXPECT_EQ(in_words(attempts.on_reply(reply(Status::not_leader, hint))), "send n1") << hint;
    }
}

TEST(Attempts, GiveUpAfterABoundedNumber) {
    struct Case {
        std::string function;
        std::function<Attempts::Step(Attempts&)> answer;
        std::string end;
    };

    const auto not_leader = [](Attempts& a) { return a.on_reply(reply(Status::not_leader, 2)); };
    const auto refused = [](Attempts& a) { return a.on_refused(); };
    const auto lost = [](Attempts& a) { return a.on_lost(); };
    const auto unknown = [](Attempts& a) { return a.on_reply(reply(Status::unknown)); };
    const std::vector<Case> cases{{"write", not_leader, "fail not-leader"},
                                  {"read", not_leader, "fail not-leader"},
                                  {"write", refused, "fail connection-refused"},
                                  {"read", refused, "fail connection-refused"},
                                  {"write", lost, "info connection-lost"},
                                  {"read", lost, "fail connection-lost"},
                                  {"cas", unknown, "info unknown"},
                                  {"read", unknown, "fail unknown"}};

    for (const Case& given : cases) {
        Attempts attempts = ask(given.function);
        Attempts::Step step = attempts.start();
        std::uint64_t sent = 0;
        while (sent_to(step) != 0 && sent < 100) {
            ++sent;
            step = given.answer(attempts);
        }
        EXPECT_EQ(sent, attempts_max) << given.end;
        EXPECT_EQ(in_words(step), given.end);
    }
}

TEST(Attempts, ADefiniteNoEndsTheOperation) {
    for (const auto& [status, end] : {std::pair(Status::overloaded, "fail overloaded"),
                                      std::pair(Status::session_expired, "fail session-expired"),
                                      std::pair(Status::malformed, "fail malformed")}) {
        Attempts attempts = ask("write");
        (void)attempts.start();
        EXPECT_EQ(in_words(attempts.on_reply(reply(status))), end);
    }
}

TEST(Attempts, ADefiniteNoAfterADoubtIsStillADoubt) {
    for (const Status status : {Status::overloaded, Status::session_expired, Status::malformed}) {
        Attempts attempts = ask("write");
        (void)attempts.start();
        EXPECT_EQ(in_words(attempts.on_lost()), "send n2");
        EXPECT_EQ(in_words(attempts.on_reply(reply(status))), "info connection-lost");
    }
}

TEST(Attempts, AnOkAfterADoubtIsOk) {
    Attempts attempts = ask("write");
    (void)attempts.start();
    EXPECT_EQ(in_words(attempts.on_reply(reply(Status::unknown, 3))), "send n3");

    EXPECT_EQ(in_words(attempts.on_reply(reply(Status::ok))), "ok");
}

TEST(Attempts, AMutationWithoutNumberIsNeverSentAgain) {
    Attempts attempts = ask("write", 1, 0);
    (void)attempts.start();

    EXPECT_EQ(in_words(attempts.on_lost()), "info connection-lost");
}

RC_GTEST_PROP(Attempts, AreBoundedAndNeverFailAfterADoubt, ()) {
    Attempts attempts = ask(*rc::gen::element<std::string>("read", "write", "cas"));
    const bool mutation = attempts.invocation().request.function != "read";
    Attempts::Step step = attempts.start();
    bool doubt = false;
    std::uint64_t sent = 0;

    while (const NodeId node = sent_to(step)) {
        RC_ASSERT(node <= node_count);
        RC_ASSERT(++sent <= attempts_max);
        switch (*rc::gen::inRange(0, 6)) {
            case 0:
                step = attempts.on_refused();
                break;
            case 1:
                step = attempts.on_lost();
                doubt = true;
                break;
            case 2:
                step = attempts.on_reply(reply(Status::unknown));
                doubt = true;
                break;
            case 3:
                step = attempts.on_reply(reply(Status::overloaded));
                break;
            default:
                step = attempts.on_reply(
                    reply(Status::not_leader, *rc::gen::inRange<NodeId>(0, node_count + 2)));
                break;
        }
    }

    const Outcome outcome = std::get<Answer>(step).outcome;
    RC_ASSERT(outcome == (doubt && mutation ? Outcome::info : Outcome::fail));
}

Answer answered(const std::string& function, NodeReply given) {
    Attempts attempts = ask(function, 2);
    (void)attempts.start();
    return std::get<Answer>(attempts.on_reply(given));
}

TEST(Attempts, AMutationThatWasNotAppliedRetiresItsClient) {
    NodeReply given = reply(Status::ok);
    given.applied = false;

    EXPECT_EQ(answered("append", given).outcome, history::Outcome::info);
    EXPECT_EQ(answered("cas", given).outcome, history::Outcome::ok);
}

TEST(Wire, ListsAndSetsAreElementsWithCommas) {
    using workloads::Object;
    const auto numbers = [](Value::List list) { return Value(std::move(list)); };
    EXPECT_EQ(suffix_to_wire({"append", "k", Value(5), Object::list}), "5,");
    EXPECT_EQ(suffix_to_wire({"append", "k", Value(5), Object::value}), "5");
    EXPECT_EQ(seen_as(Object::list, from_wire("3,5,4,")), numbers({3, 5, 4}));
    EXPECT_EQ(seen_as(Object::set, from_wire("3,5,4,")), numbers({3, 4, 5}));
    EXPECT_EQ(seen_as(Object::counter, from_wire("17")), Value(17));
    EXPECT_EQ(seen_as(Object::value, from_wire("3,5,")), Value(std::string("3,5,")));
    EXPECT_EQ(seen_as(Object::list, Value(std::string("3,5"))), Value(std::string("3,5")));
    EXPECT_EQ(seen_as(Object::set, Value()), Value());
}

TEST(Attempts, DecodeWhatEachFunctionReturns) {
    NodeReply given = reply(Status::ok);
    given.value = Value(std::int64_t{41});
    given.position = {3, 9};

    const Answer read = answered("read", given);
    EXPECT_EQ(read.value, Value(std::int64_t{41}));
    EXPECT_EQ(read.node, 2U);
    EXPECT_FALSE(read.applied);
    EXPECT_EQ(read.position, (history::LogPosition{3, 9}));

    const Answer write = answered("write", given);
    EXPECT_TRUE(write.value.is_null());
    EXPECT_FALSE(write.applied);
    EXPECT_EQ(write.position, (history::LogPosition{3, 9}));

    given.applied = false;
    const Answer cas = answered("cas", given);
    EXPECT_EQ(cas.applied, false);
    EXPECT_EQ(cas.value, Value(std::int64_t{41}));

    given.applied = true;
    EXPECT_EQ(answered("cas", given).applied, true);
    EXPECT_TRUE(answered("cas", given).value.is_null());

    EXPECT_TRUE(answered("read", reply(Status::ok)).value.is_null());
}

RC_GTEST_PROP(WireValues, IntegersRoundTrip, (std::int64_t number)) {
    RC_ASSERT(from_wire(to_wire(Value(number))) == Value(number));
}

TEST(WireValues, StringsStayWhatTheyAre) {
    for (const std::string text :
         {"", "007", "-0", "+1", " 1", "1 ", "x", "99999999999999999999"}) {
        EXPECT_EQ(from_wire(to_wire(Value(text))), Value(text));
    }
    EXPECT_THROW((void)to_wire(Value()), Failure);
}

}  // namespace
}  // namespace squall::harness
