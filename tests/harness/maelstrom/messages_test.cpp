#include "harness/maelstrom/messages.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/failure.hpp"
#include "harness/maelstrom/errors.hpp"

namespace squall::harness::maelstrom {
namespace {

using history::Value;
using nlohmann::json;
using Status = NodeReply::Status;

workloads::Request request(const std::string& function, Value value = {}) {
    return {function, "12", std::move(value)};
}

NodeReply reply_to(const std::string& function, const json& body) {
    return read_reply(json{{"src", "n1"}, {"dest", "c1"}, {"body", body}}.dump(),
                      request(function));
}

json body_of(const std::string& line) {
    EXPECT_EQ(line.back(), '\n');
    return json::parse(line)["body"];
}

TEST(Messages, NamesAreMaelstroms) {
    EXPECT_EQ(node_name(3), "n3");
    EXPECT_EQ(node_of("n3", 5), 3U);
    for (const char* other : {"n0", "n6", "n03", "n", "c1", "", "n1x", "n99999999999"}) {
        EXPECT_EQ(node_of(other, 5), 0U) << other;
    }
}

TEST(Messages, RequestsAreMaelstroms) {
    EXPECT_EQ(json::parse(init_line(2, 3, 1)),
              (json{{"src", "c0"},
                    {"dest", "n2"},
                    {"body",
                     {{"type", "init"},
                      {"msg_id", 1},
                      {"node_id", "n2"},
                      {"node_ids", {"n1", "n2", "n3"}}}}}));
    EXPECT_EQ(body_of(request_line(0, 1, 7, request("read"))),
              (json{{"type", "read"}, {"msg_id", 7}, {"key", 12}}));
    EXPECT_EQ(body_of(request_line(0, 1, 7, request("write", std::int64_t{5}))),
              (json{{"type", "write"}, {"msg_id", 7}, {"key", 12}, {"value", 5}}));
    const Value both(Value::List{std::int64_t{5}, std::int64_t{6}});
    EXPECT_EQ(body_of(request_line(0, 1, 7, request("cas", both))),
              (json{{"type", "cas"}, {"msg_id", 7}, {"key", 12}, {"from", 5}, {"to", 6}}));
    EXPECT_EQ(
        body_of(request_line(0, 1, 7, request("cas-or-create", both)))["create_if_not_exists"],
        true);
    EXPECT_THROW(static_cast<void>(request_line(0, 1, 7, request("append"))), Failure);
}

TEST(Messages, AnswersCarryTheirValues) {
    EXPECT_EQ(reply_to("read", {{"type", "read_ok"}, {"value", 7}}).value, Value(std::int64_t{7}));
    EXPECT_EQ(reply_to("read", {{"type", "read_ok"}, {"value", "7"}}).value,
              Value(std::string("7")));
    EXPECT_EQ(reply_to("read", {{"type", "read_ok"}, {"value", nullptr}}).value, Value());
    EXPECT_EQ(reply_to("read", {{"type", "read_ok"}, {"value", {{"a", 1.5}}}}).value,
              Value(std::string(R"({"a":1.5})")));
    EXPECT_EQ(reply_to("write", {{"type", "write_ok"}}).status, Status::ok);
    EXPECT_TRUE(reply_to("cas", {{"type", "cas_ok"}}).applied);
    EXPECT_EQ(reply_to("leader", {{"type", "leader_ok"}, {"leader", "n2"}, {"term", 4}}).value,
              Value(Value::List{std::string("n2"), std::int64_t{4}}));
}

TEST(Messages, ErrorsMeanWhatMaelstromSays) {
    const auto status = [](const std::string& function, std::int64_t code) {
        return reply_to(function, {{"type", "error"}, {"code", code}, {"text", "why"}}).status;
    };
    for (const std::int64_t indefinite : {0, 13, 1000, -1}) {
        EXPECT_EQ(status("write", indefinite), Status::unknown) << indefinite;
    }
    for (const std::int64_t elsewhere : {1, 11}) {
        EXPECT_EQ(status("write", elsewhere), Status::not_leader) << elsewhere;
    }
    for (const std::int64_t definite : {10, 12, 14, 20, 21, 22, 30}) {
        EXPECT_EQ(status("cas", definite), Status::refused) << definite;
    }
    EXPECT_EQ(reply_to("cas", {{"type", "error"}, {"code", 22}}).error, "precondition-failed");
}

TEST(Messages, AReadOfAKeyThatDoesNotExistFindsNothing) {
    const NodeReply reply = reply_to("read", {{"type", "error"}, {"code", 20}});
    EXPECT_EQ(reply.status, Status::ok);
    EXPECT_FALSE(reply.value);
}

TEST(Messages, AnswersThatDoNotFitAreDoubtful) {
    for (const json& body : {json{{"type", "read_ok"}, {"value", 1}},
                             json{{"type", "error"}},
                             json{{"type", "error"}, {"code", "22"}},
                             json{{"type", 7}}}) {
        const NodeReply reply = reply_to("write", body);
        EXPECT_EQ(reply.status, Status::unknown) << body;
        EXPECT_EQ(reply.error, unexpected_reply_error) << body;
    }
    EXPECT_EQ(reply_to("read", {{"type", "read_ok"}}).error, unexpected_reply_error);
}

}  // namespace
}  // namespace squall::harness::maelstrom
