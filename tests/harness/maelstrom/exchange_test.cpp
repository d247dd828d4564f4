#include "harness/maelstrom/exchange.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace squall::harness::maelstrom {
namespace {

using history::Outcome;
using nlohmann::json;

Invocation invocation(OpId op, const std::string& function, NodeId node) {
    return {.op = op, .client = 4, .node = node, .request = {function, "1", std::int64_t{9}}};
}

Exchange::Heard hear(Exchange& exchange, const json& message) {
    const std::string line = message.dump();
    return exchange.heard(std::get<Envelope>(read_envelope(line)), line);
}

json answer_to(const Exchange::Step& step, const json& body) {
    const json asked = json::parse(std::get<Exchange::Send>(step).line);
    json answer{{"src", asked["dest"]}, {"dest", asked["src"]}, {"body", body}};
    answer["body"]["in_reply_to"] = asked["body"]["msg_id"];
    return answer;
}

const Answer& answer_of(const std::optional<Exchange::Step>& step) {
    return std::get<Exchange::Done>(*step).answer;
}

TEST(Exchange, AnAnswerEndsItsOperation) {
    Exchange exchange(3);
    const auto sent = exchange.invoke(invocation(1, "write", 2));
    EXPECT_EQ(std::get<Exchange::Send>(sent).node, 2U);
    const auto heard = hear(exchange, answer_to(sent, {{"type", "write_ok"}}));
    EXPECT_EQ(answer_of(heard.step).outcome, Outcome::ok);
    EXPECT_FALSE(heard.breach);
}

TEST(Exchange, ANodeThatDoesNotLeadSendsTheClientOn) {
    Exchange exchange(3);
    const auto sent = exchange.invoke(invocation(1, "write", 3));
    const auto heard = hear(exchange, answer_to(sent, {{"type", "error"}, {"code", 11}}));
    EXPECT_EQ(std::get<Exchange::Send>(*heard.step).node, 1U);
}

TEST(Exchange, AWriteWhoseNodeDiedIsInDoubtAndNotAskedAgain) {
    Exchange exchange(3);
    static_cast<void>(exchange.invoke(invocation(1, "write", 2)));
    EXPECT_TRUE(exchange.node_ended(1).empty());
    const auto steps = exchange.node_ended(2);
    ASSERT_EQ(steps.size(), 1U);
    EXPECT_EQ(answer_of(steps.front()).outcome, Outcome::info);
}

TEST(Exchange, AReadWhoseNodeDiedIsAskedElsewhere) {
    Exchange exchange(3);
    static_cast<void>(exchange.invoke(invocation(1, "read", 2)));
    const auto steps = exchange.node_ended(2);
    EXPECT_EQ(std::get<Exchange::Send>(steps.at(0)).node, 3U);
}

TEST(Exchange, NobodyReachableIsADefiniteFailure) {
    Exchange exchange(2);
    auto step = exchange.invoke(invocation(1, "write", 1));
    int asked = 0;
    while (std::holds_alternative<Exchange::Send>(step) && asked < 100) {
        ++asked;
        step = exchange.refused(1);
    }
    EXPECT_EQ(answer_of(step).outcome, Outcome::fail);
}

TEST(Exchange, ALateAnswerIsNoBreachASecondOneIs) {
    Exchange exchange(3);
    const auto sent = exchange.invoke(invocation(1, "write", 2));
    exchange.abandon(1);
    const json late = answer_to(sent, {{"type", "write_ok"}});
    const auto first = hear(exchange, late);
    EXPECT_FALSE(first.step);
    EXPECT_FALSE(first.breach);
    EXPECT_EQ(hear(exchange, late).breach, Breach::second_reply);
}

TEST(Exchange, AnswersToNobodyAreBreaches) {
    Exchange exchange(3);
    const auto sent = exchange.invoke(invocation(1, "write", 2));
    json wrong_client = answer_to(sent, {{"type", "write_ok"}});
    wrong_client["dest"] = "c77";
    EXPECT_EQ(hear(exchange, wrong_client).breach, Breach::reply_to_nobody);
    json wrong_id = answer_to(sent, {{"type", "write_ok"}});
    wrong_id["body"]["in_reply_to"] = 1000;
    EXPECT_EQ(hear(exchange, wrong_id).breach, Breach::reply_to_nobody);
    json no_id = answer_to(sent, {{"type", "write_ok"}});
    no_id["body"].erase("in_reply_to");
    EXPECT_EQ(hear(exchange, no_id).breach, Breach::reply_to_nobody);
}

TEST(Exchange, AnAnswerThatDoesNotFitIsABreachAndLeavesAWriteInDoubt) {
    Exchange exchange(3);
    const auto sent = exchange.invoke(invocation(1, "write", 2));
    const auto heard = hear(exchange, answer_to(sent, {{"type", "read_ok"}, {"value", 3}}));
    EXPECT_EQ(heard.breach, Breach::unexpected_reply);
    EXPECT_EQ(answer_of(heard.step).outcome, Outcome::info);
}

}  // namespace
}  // namespace squall::harness::maelstrom
