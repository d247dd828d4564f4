// The two sides of the client protocol are written apart; here they meet.
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "harness/failure.hpp"
#include "harness/systems/system.hpp"
#include "raft/frame.hpp"
#include "raft/server/client_protocol.hpp"

namespace squall::harness::systems {

namespace {

namespace server = raft::server;
using history::Value;

const SocketSystem& raft_node() {
    return *find_system("raft-node")->over_sockets();
}

server::ClientRequest read_by_server(const std::string& bytes) {
    raft::FrameReader reader(std::size_t{2} << 20U);
    reader.feed(bytes);
    const auto payload = reader.next();
    EXPECT_TRUE(payload.has_value());
    const auto request = server::decode_request(payload.value_or(""));
    EXPECT_TRUE(request.has_value());
    return request.value_or(server::ClientRequest{});
}

std::string written_by_server(const server::ClientResponse& response) {
    std::string bytes;
    raft::append_frame(bytes, server::encode(response));
    return bytes;
}

Invocation invocation(const std::string& function, Value value) {
    Invocation invocation;
    invocation.client = 4;
    invocation.sequence = 9;
    invocation.request = {function, "k", std::move(value)};
    return invocation;
}

}  // namespace

TEST(RaftNodeSystem, RequestsAreWhatTheServerReads) {
    const auto request = read_by_server(
        raft_node().request(77, invocation("cas", Value::List{Value(3), Value(12)})));

    EXPECT_EQ(request.kind, server::MessageKind::key_value);
    EXPECT_EQ(request.request_id, 77U);
    EXPECT_EQ(request.request,
              (server::Request{.session = 5,
                               .sequence = 9,
                               .operation = server::Operation::cas,
                               .key = "k",
                               .value = "12",
                               .expected = "3"}));
}

TEST(RaftNodeSystem, EveryFunctionHasItsOperation) {
    const auto operation = [](const std::string& function, Value value) {
        return read_by_server(raft_node().request(1, invocation(function, std::move(value))))
            .request.operation;
    };

    EXPECT_EQ(operation("read", {}), server::Operation::get);
    EXPECT_EQ(operation("write", 1), server::Operation::put);
    EXPECT_EQ(operation("delete", {}), server::Operation::erase);
    EXPECT_EQ(operation("append", std::string("x")), server::Operation::append);
    EXPECT_THROW(static_cast<void>(operation("steal", {})), Failure);
}

TEST(RaftNodeSystem, CasOfAnAbsentKeyExpectsNothing) {
    const auto request =
        read_by_server(raft_node().request(1, invocation("cas", Value::List{Value(), Value(1)})));

    EXPECT_FALSE(request.request.expected.has_value());
}

TEST(RaftNodeSystem, StatusIsAsked) {
    const auto request = read_by_server(raft_node().status_request(5));

    EXPECT_EQ(request.kind, server::MessageKind::status);
    EXPECT_EQ(request.request_id, 5U);
}

RC_GTEST_PROP(RaftNodeSystem,
              RepliesAreReadAsTheyWereMeant,
              (std::uint64_t id, std::string value, bool has_value, bool applied)) {
    server::ClientResponse response;
    response.request_id = id;
    response.reply.status = *rc::gen::element(server::ReplyStatus::ok,
                                              server::ReplyStatus::not_leader,
                                              server::ReplyStatus::unknown,
                                              server::ReplyStatus::overloaded,
                                              server::ReplyStatus::session_expired,
                                              server::ReplyStatus::malformed);
    response.reply.leader = 3;
    response.reply.applied = applied;
    if (has_value) {
        response.reply.value = value;
    }
    response.reply.position = {6, 1234567890123};
    response.reply.message = "why";
    const std::string bytes = written_by_server(response);

    const Decoded decoded = raft_node().decode(bytes + "more");

    RC_ASSERT(decoded.consumed == bytes.size());
    const auto& message = std::get<ClientReply>(*decoded.message);
    RC_ASSERT(message.request == id);
    RC_ASSERT(static_cast<int>(message.reply.status) == static_cast<int>(response.reply.status));
    RC_ASSERT(message.reply.leader == 3U);
    RC_ASSERT(message.reply.applied == applied);
    const auto meant = has_value ? std::optional(from_wire(value)) : std::nullopt;
    RC_ASSERT(message.reply.value == meant);
    RC_ASSERT(message.reply.position == (history::LogPosition{6, 1234567890123}));
}

TEST(RaftNodeSystem, StatusRepliesTellRoleTermAndLeader) {
    server::ClientResponse response;
    response.kind = server::MessageKind::status;
    response.request_id = 8;
    response.json = R"({"role":"follower","term":12,"leader":2,"metrics":{"x":1}})";

    const Decoded decoded = raft_node().decode(written_by_server(response));

    const auto& status = std::get<StatusReply>(*decoded.message);
    EXPECT_EQ(status.request, 8U);
    EXPECT_TRUE(status.observed.up);
    EXPECT_EQ(status.observed.role, "follower");
    EXPECT_EQ(status.observed.term, 12U);
    EXPECT_EQ(status.observed.leader, 2U);
}

TEST(RaftNodeSystem, HalfAReplyWaitsForTheRest) {
    const std::string bytes = written_by_server({});

    for (std::size_t length = 0; length < bytes.size(); ++length) {
        const Decoded decoded = raft_node().decode(std::string_view(bytes).substr(0, length));
        EXPECT_EQ(decoded.consumed, 0U);
        EXPECT_FALSE(decoded.malformed);
    }
}

TEST(RaftNodeSystem, NonsenseIsMalformed) {
    std::string bytes = written_by_server({});
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    EXPECT_TRUE(raft_node().decode(bytes).malformed);

    EXPECT_TRUE(raft_node().decode(std::string(16, '\xFF')).malformed);

    std::string unknown_kind;
    raft::append_frame(unknown_kind, std::string(9, '\x07'));
    EXPECT_TRUE(raft_node().decode(unknown_kind).malformed);
}

TEST(RaftNodeSystem, CommandLineCarriesThePlan) {
    Plan plan;
    plan.bug = "stale-read";
    plan.snapshot_interval = 20;
    plan.timing.heartbeat = std::chrono::milliseconds(7);

    const auto arguments = raft_node().arguments(
        plan, {2, "127.1.1.2:1", "127.1.1.2:2", {{1, "127.1.1.9:3"}, {2, "x:1"}}, "data", "trace"});

    const auto after = [&](const std::string& flag) {
        const auto found = std::find(arguments.begin(), arguments.end(), flag);
        return found == arguments.end() ? "" : *std::next(found);
    };
    EXPECT_EQ(after("--bug"), "stale-read");
    EXPECT_EQ(after("--snapshot-interval"), "20");
    EXPECT_EQ(after("--heartbeat-ms"), "7");
    EXPECT_EQ(after("--peers"), "1=127.1.1.9:3,2=x:1");
    EXPECT_EQ(after("--id"), "2");
}

TEST(Systems, AreFoundByName) {
    EXPECT_EQ(find_system("raft-node"), systems().front());
    EXPECT_EQ(find_system("nothing"), nullptr);
}

}  // namespace squall::harness::systems
