#include "harness/maelstrom/envelope.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

namespace squall::harness::maelstrom {
namespace {

std::string problem_of(std::string_view line) {
    const auto read = read_envelope(line);
    const auto* problem = std::get_if<std::string>(&read);
    return problem == nullptr ? "" : *problem;
}

TEST(Envelope, IsReadFromAMessage) {
    const auto read = read_envelope(
        R"({"id": 7, "src": "n1", "dest": "c2", "body": {"type": "read_ok", "msg_id": 3,)"
        R"( "in_reply_to": 4, "value": {"type": "x", "msg_id": 9}}})");
    const auto& envelope = std::get<Envelope>(read);
    EXPECT_EQ(envelope.src, "n1");
    EXPECT_EQ(envelope.dest, "c2");
    EXPECT_EQ(envelope.type, "read_ok");
    EXPECT_EQ(envelope.msg_id, 3U);
    EXPECT_EQ(envelope.in_reply_to, 4U);
}

TEST(Envelope, FieldsCountOnlyInTheirPlace) {
    const auto read = read_envelope(
        R"({"extra": {"src": "n8", "type": "no"}, "list": [{"dest": "n9"}], "src": "n1",)"
        R"( "body": {"inner": {"type": "no", "in_reply_to": 5}, "type": "yes"}, "type": "no",)"
        R"( "dest": "n2"})");
    const auto& envelope = std::get<Envelope>(read);
    EXPECT_EQ(envelope.src, "n1");
    EXPECT_EQ(envelope.dest, "n2");
    EXPECT_EQ(envelope.type, "yes");
    EXPECT_FALSE(envelope.in_reply_to);
}

TEST(Envelope, LinesThatAreNoMessageSayWhy) {
    EXPECT_EQ(problem_of("hello"), "not JSON at byte 1");
    EXPECT_EQ(problem_of(R"({"src": "n1")"), "not JSON at byte 13");
    EXPECT_EQ(problem_of(R"({"src": "n1"} {})"), "not JSON at byte 15");
    EXPECT_EQ(problem_of("[1, 2]"), "not a JSON object");
    EXPECT_EQ(problem_of("7"), "not a JSON object");
    EXPECT_EQ(problem_of(R"({"dest": "n1", "body": {"type": "x"}})"),
              "\"src\" is missing or no string");
    EXPECT_EQ(problem_of(R"({"src": "n1", "dest": 3, "body": {"type": "x"}})"),
              "\"dest\" is missing or no string");
    EXPECT_EQ(problem_of(R"({"src": "n1", "dest": "n2", "body": []})"),
              "\"body\" is missing or no object");
    EXPECT_EQ(problem_of(R"({"src": "n1", "dest": "n2", "body": {"type": 1}})"),
              "\"type\" in the body is missing or no string");
    EXPECT_EQ(problem_of(std::string_view("\0\x01\xff", 3)), "not JSON at byte 1");
}

TEST(Envelope, DeepNestingIsRefusedWithoutBeingFollowed) {
    const std::string open(1'000'000, '[');
    EXPECT_EQ(problem_of(open), "nested more than 64 deep");
    const std::string nested = std::string(60, '[') + std::string(60, ']');
    EXPECT_EQ(
        problem_of(R"({"src": "n1", "dest": "n2", "body": {"type": "x", "v": )" + nested + "}}"),
        "");
}

RC_GTEST_PROP(Envelope,
              IsWhatAGeneralParserFinds,
              (std::string src, std::string dest, std::string type, std::uint64_t id)) {
    const nlohmann::json message{
        {"src", src}, {"dest", dest}, {"body", {{"type", type}, {"msg_id", id}}}};
    const auto dump = message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    const auto parsed = nlohmann::json::parse(dump);
    const auto read = read_envelope(dump);
    const auto& envelope = std::get<Envelope>(read);
    RC_ASSERT(envelope.src == parsed["src"].get<std::string>());
    RC_ASSERT(envelope.dest == parsed["dest"].get<std::string>());
    RC_ASSERT(envelope.type == parsed["body"]["type"].get<std::string>());
    RC_ASSERT(envelope.msg_id == id);
}

}  // namespace
}  // namespace squall::harness::maelstrom
