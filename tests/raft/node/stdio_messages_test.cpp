// Lines of Maelstrom's protocol to values and back, and the small parts around it.
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include "raft/node/base64.hpp"
#include "raft/node/line_reader.hpp"
#include "raft/node/maelstrom_messages.hpp"
#include "raft/node/member_names.hpp"

namespace squall::raft::node {
namespace {

using maelstrom::Body;
using maelstrom::ErrorCode;
using maelstrom::Incoming;
using nlohmann::json;
using server::Operation;
using server::Reply;
using server::ReplyStatus;

std::string line_with(const std::string& body) {
    return fmt::format(R"({{"src":"c1","dest":"n1","body":{}}})", body);
}

Body body_of(const std::string& body) {
    auto message = maelstrom::read_message(line_with(body));
    if (!message) {
        ADD_FAILURE() << "no message: " << body;
        return {};
    }
    return std::move(message->body);
}

server::Request request_of(const std::string& body) {
    Body read = body_of(body);
    auto* request = std::get_if<server::Request>(&read);
    if (request == nullptr) {
        ADD_FAILURE() << "no request: " << body;
        return {};
    }
    return *request;
}

int wrong_code(const std::string& body) {
    const Body read = body_of(body);
    const auto* wrong = std::get_if<maelstrom::Wrong>(&read);
    return wrong == nullptr ? 0 : static_cast<int>(wrong->code);
}

/// The body of the line that answers message 7.
json answered(const maelstrom::Answer& answer) {
    const std::string line = maelstrom::answer_line("n1", {"c1", "7"}, answer);
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    json message = json::parse(line);
    EXPECT_EQ(message.at("src"), "n1");
    EXPECT_EQ(message.at("dest"), "c1");
    EXPECT_EQ(message.at("body").at("in_reply_to"), 7);
    return message.at("body");
}

int code_of(Operation operation, const Reply& reply) {
    const json body = answered(maelstrom::answer_to(operation, reply));
    EXPECT_EQ(body.at("type"), "error");
    return body.at("code").get<int>();
}

TEST(Maelstrom, OperationsBecomeRequestsWithCanonicalKeysAndValues) {
    EXPECT_EQ(request_of(R"({"type":"read","msg_id":1,"key": {"b": 1, "a" : [2, null]} })"),
              (server::Request{0, 0, Operation::get, R"({"a":[2,null],"b":1})", "", {}}));
    EXPECT_EQ(request_of(R"({"type":"write","msg_id":1,"key":7,"value":"\u00e9"})"),
              (server::Request{0, 0, Operation::put, "7", "\"\u00e9\"", {}}));
    EXPECT_EQ(request_of(R"({"type":"cas","msg_id":1,"key":"k","from":null,"to":false})"),
              (server::Request{0, 0, Operation::cas, "\"k\"", "false", "null"}));
}

TEST(Maelstrom, CasCreatesOnlyWhenAsked) {
    const auto with = [](const std::string& create) {
        return fmt::format(
            R"({{"type":"cas","msg_id":1,"key":1,"from":2,"to":3,"create_if_not_exists":{}}})",
            create);
    };
    EXPECT_EQ(request_of(with("true")).operation, Operation::cas_or_create);
    EXPECT_EQ(request_of(with("false")).operation, Operation::cas);
    EXPECT_EQ(wrong_code(with("1")), 12);
}

TEST(Maelstrom, MissingFieldsAreMalformedAndUnknownTypesNotSupported) {
    for (const char* body : {R"({"type":"read","msg_id":1})",
                             R"({"type":"write","msg_id":1,"key":1})",
                             R"({"type":"cas","msg_id":1,"key":1,"from":1})",
                             R"({"type":"cas","msg_id":1,"key":1,"to":1})",
                             R"({"type":"echo","msg_id":1})",
                             R"({"type":"init","msg_id":1,"node_id":"n1"})",
                             R"({"type":"init","msg_id":1,"node_id":"n1","node_ids":["n1",2]})",
                             R"({"type":"raft","frame":"A"})",
                             R"({"type":"raft"})"}) {
        EXPECT_EQ(wrong_code(body), 12) << body;
    }
    EXPECT_EQ(wrong_code(R"({"type":"txn","msg_id":1})"), 10);
}

TEST(Maelstrom, WhatIsNoMessageIsNotRead) {
    for (const char* line : {"",
                             "x",
                             "[]",
                             "7",
                             "{}",
                             R"({"src":"c1","dest":"n1"})",
                             R"({"src":"c1","dest":"n1","body":[]})",
                             R"({"src":"c1","dest":"n1","body":{}})",
                             R"({"src":1,"dest":"n1","body":{"type":"read"}})",
                             R"({"src":"c1","body":{"type":"read"}})",
                             R"({"src":"c1","dest":"n1","body":{"type":7}})",
                             R"({"src":"c1","dest":"n1","body":{"type":"leader","msg_id":"1"}})",
                             R"({"src":"c1","dest":"n1","body":{"type":"leader","msg_id":1.5}})",
                             "{\"src\":\"\xff\",\"dest\":\"n1\",\"body\":{\"type\":\"leader\"}}"}) {
        EXPECT_FALSE(maelstrom::read_message(line)) << line;
    }
    const std::string long_name(maelstrom::max_name_bytes + 1, 'c');
    EXPECT_FALSE(maelstrom::read_message(
        fmt::format(R"({{"src":"{}","dest":"n1","body":{{"type":"leader"}}}})", long_name)));
}

TEST(Maelstrom, AnswersOfOthersAreNotRead) {
    EXPECT_FALSE(
        maelstrom::read_message(line_with(R"({"type":"error","in_reply_to":1,"code":1})")));
}

TEST(Maelstrom, DepthIsLimitedAndBracketsInStringsAreNoDepth) {
    const auto echo = [](const std::string& value) {
        return line_with(fmt::format(R"({{"type":"echo","msg_id":1,"echo":{}}})", value));
    };
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    // Message and body are two levels themselves.
    EXPECT_TRUE(maelstrom::read_message(echo(nested(maelstrom::max_depth - 2))));
    EXPECT_FALSE(maelstrom::read_message(echo(nested(maelstrom::max_depth - 1))));
    EXPECT_FALSE(maelstrom::read_message(echo(nested(1'000'000))));
    EXPECT_FALSE(maelstrom::read_message(std::string(1'000'000, '[')));
    EXPECT_TRUE(maelstrom::read_message(echo(fmt::format(R"("\"{}")", std::string(100, '[')))));
}

TEST(Maelstrom, RepliesBecomeAnswers) {
    Reply ok;
    ok.value = R"({"a":[1]})";
    const json read = answered(maelstrom::answer_to(Operation::get, ok));
    EXPECT_EQ(read.at("type"), "read_ok");
    EXPECT_EQ(read.at("value"), json::parse(*ok.value));
    EXPECT_EQ(answered(maelstrom::answer_to(Operation::put, Reply{})).at("type"), "write_ok");
    EXPECT_EQ(answered(maelstrom::answer_to(Operation::cas, Reply{})).at("type"), "cas_ok");
    EXPECT_EQ(answered(maelstrom::answer_to(Operation::cas_or_create, Reply{})).at("type"),
              "cas_ok");
}

TEST(Maelstrom, OnlyWhatCertainlyDidNotHappenIsADefiniteError) {
    Reply missing;
    missing.applied = false;
    Reply other = missing;
    other.value = "1";
    EXPECT_EQ(code_of(Operation::get, Reply{}), 20);
    EXPECT_EQ(code_of(Operation::cas, missing), 20);
    EXPECT_EQ(code_of(Operation::cas, other), 22);
    EXPECT_EQ(code_of(Operation::cas_or_create, other), 22);

    Reply refused = missing;
    refused.status = ReplyStatus::not_leader;
    EXPECT_EQ(code_of(Operation::put, refused), 11);
    refused.status = ReplyStatus::overloaded;
    EXPECT_EQ(code_of(Operation::put, refused), 11);
    refused.status = ReplyStatus::malformed;
    EXPECT_EQ(code_of(Operation::put, refused), 12);
    refused.status = ReplyStatus::unknown;
    EXPECT_EQ(code_of(Operation::put, refused), 13);
}

TEST(Maelstrom, OtherAnswersAreWholeLinesOfJson) {
    EXPECT_EQ(answered(maelstrom::answer_to_init()).at("type"), "init_ok");
    EXPECT_EQ(answered(maelstrom::answer_to(maelstrom::Echo{R"([1,"x"])"})).at("echo"),
              json::parse(R"([1,"x"])"));
    const json leader = answered(maelstrom::answer_with_leader("n\"2", 9));
    EXPECT_EQ(leader.at("type"), "leader_ok");
    EXPECT_EQ(leader.at("leader"), "n\"2");
    EXPECT_EQ(leader.at("term"), 9);
    const json nobody = answered(maelstrom::answer_with_leader(std::nullopt, 9));
    EXPECT_TRUE(nobody.at("leader").is_null());
    EXPECT_EQ(nobody.at("term"), 9);
    EXPECT_EQ(answered(maelstrom::error(ErrorCode::not_supported, "a\n\xff")).at("code"), 10);
}

TEST(Maelstrom, MessageIdsComeBackAsTheyWere) {
    for (const char* id : {"0", "-3", "18446744073709551615"}) {
        const auto message = maelstrom::read_message(
            line_with(fmt::format(R"({{"type":"leader","msg_id":{}}})", id)));
        ASSERT_TRUE(message);
        EXPECT_EQ(message->from.msg_id, id);
    }
    EXPECT_EQ(maelstrom::read_message(line_with(R"({"type":"leader"})"))->from.msg_id, "");
}

RC_GTEST_PROP(Maelstrom, FramesComeThrough, (const std::string& bytes)) {
    const std::string line = maelstrom::frame_line("n\"1", "n2", bytes);
    RC_ASSERT(line.back() == '\n');

    const auto message = maelstrom::read_message(line);

    RC_ASSERT(message.has_value());
    RC_ASSERT(message->from.name == "n\"1");
    RC_ASSERT(message->to == "n2");
    RC_ASSERT(std::get<maelstrom::Frame>(message->body).bytes == bytes);
}

RC_GTEST_PROP(Maelstrom, NothingMakesReadingFail, (const std::string& noise)) {
    (void)maelstrom::read_message(noise);
    (void)maelstrom::read_message(line_with(noise));
    (void)maelstrom::read_message(
        line_with(fmt::format(R"({{"type":"write","key":1,"value":{}}})", noise)));
    (void)from_base64(noise);
}

TEST(Base64, KnownAnswers) {
    EXPECT_EQ(to_base64(""), "");
    EXPECT_EQ(to_base64("f"), "Zg==");
    EXPECT_EQ(to_base64("fo"), "Zm8=");
    EXPECT_EQ(to_base64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(to_base64("\xff\xfe\xfd"), "//79");
}

TEST(Base64, RefusesWhatItDoesNotWrite) {
    for (const char* text : {"Zg",
                             "Zg=",
                             "=",
                             "====",
                             "Zg==Zg==",
                             "Z===",
                             "Zh==",
                             "Zm9=",
                             "Zm 8",
                             "Zm8\n",
                             "Zm_8",
                             "=m8="}) {
        EXPECT_FALSE(from_base64(text)) << text;
    }
}

TEST(LineReader, HandsOutWholeLinesInWhateverPiecesTheyCome) {
    const std::string text = "one\n\ntwo\r\nthree\nrest";
    for (std::size_t piece = 1; piece <= text.size(); ++piece) {
        LineReader reader(10);
        std::vector<std::string> lines;
        for (std::size_t at = 0; at < text.size(); at += piece) {
            reader.feed(std::string_view(text).substr(at, piece));
            while (const auto line = reader.next()) {
                lines.emplace_back(*line);
            }
        }
        EXPECT_THAT(lines, testing::ElementsAre("one", "", "two\r", "three"));
        EXPECT_EQ(reader.waiting_bytes(), 4U);
        EXPECT_EQ(reader.too_long(), 0U);
    }
}

TEST(LineReader, SkipsLongLinesAndHoldsLittleOfThem) {
    const std::string text = fmt::format("12345\n123456\n{}\nok\n", std::string(1000, 'x'));
    for (std::size_t piece = 1; piece <= text.size(); ++piece) {
        LineReader reader(5);
        std::vector<std::string> lines;
        for (std::size_t at = 0; at < text.size(); at += piece) {
            reader.feed(std::string_view(text).substr(at, piece));
            while (const auto line = reader.next()) {
                lines.emplace_back(*line);
            }
            EXPECT_LE(reader.waiting_bytes(), 5U);
        }
        EXPECT_THAT(lines, testing::ElementsAre("12345", "ok"));
        EXPECT_EQ(reader.too_long(), 2U);
    }
}

MemberNames names_of(const std::string& self, std::vector<std::string> all) {
    auto made = MemberNames::make(self, std::move(all));
    if (const auto* problem = std::get_if<std::string>(&made)) {
        ADD_FAILURE() << *problem;
    }
    return std::get<MemberNames>(made);
}

TEST(MemberNames, NumberedNamesKeepTheirNumbers) {
    std::vector<std::string> all;
    for (int id = 12; id >= 1; --id) {
        all.push_back(fmt::format("n{}", id));
    }
    const MemberNames names = names_of("n10", all);
    EXPECT_EQ(names.self(), 10U);
    EXPECT_EQ(names.size(), 12U);
    EXPECT_EQ(names.id_of("n2"), 2U);
    EXPECT_EQ(names.name_of(12), "n12");
    EXPECT_EQ(names.id_of("n13"), no_node);
}

TEST(MemberNames, OthersCountInSortedOrder) {
    const MemberNames names = names_of("bob", {"n1", "carol", "bob"});
    EXPECT_EQ(names.self(), 1U);
    EXPECT_EQ(names.id_of("carol"), 2U);
    EXPECT_EQ(names.id_of("n1"), 3U);
}

TEST(MemberNames, ImpossibleClustersAreRefused) {
    const auto refused = [](const std::string& self, std::vector<std::string> all) {
        return std::holds_alternative<std::string>(MemberNames::make(self, std::move(all)));
    };
    EXPECT_TRUE(refused("n1", {}));
    EXPECT_TRUE(refused("n1", {"n2", "n3"}));
    EXPECT_TRUE(refused("n1", {"n1", "n2", "n2"}));
    EXPECT_TRUE(refused("n1", std::vector<std::string>(65, "n1")));
    EXPECT_FALSE(refused("n1", {"n1"}));
}

}  // namespace
}  // namespace squall::raft::node
