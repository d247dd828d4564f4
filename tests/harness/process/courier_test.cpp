#include "harness/process/courier.hpp"

#include <map>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "fake_node.hpp"
#include "harness/process/status_poller.hpp"
#include "support.hpp"

namespace squall::harness::process::test {

namespace {

namespace server = raft::server;
using history::Outcome;

FakeNode::Response reply_to(const FakeNode::Request& request, server::ReplyStatus status) {
    FakeNode::Response response;
    response.kind = request.kind;
    response.request_id = request.request_id;
    response.reply.status = status;
    return response;
}

std::optional<FakeNode::Response> say_ok(const FakeNode::Request& request) {
    return reply_to(request, server::ReplyStatus::ok);
}

/// Two nodes, of which the second is not up unless the test puts it there.
class Carrying : public ::testing::Test {
  protected:
    void write(OpId op, ClientId client) {
        Invocation invocation;
        invocation.op = op;
        invocation.client = client;
        invocation.sequence = 1;
        invocation.node = 1;
        invocation.request = {"write", "k", 5};
        courier.invoke(invocation);
    }

    bool until(const std::function<bool()>& condition) { return run_until(io, condition); }

    boost::asio::io_context io;
    Subnet subnet{2};
    std::map<OpId, Answer> answers;
    FakeNode node{io, subnet.client(1)};
    Courier courier{io,
                    *systems::find_system("raft-node")->over_sockets(),
                    {{1, subnet.client(1)}, {2, subnet.client(2)}},
                    [this](OpId op, const Answer& answer) { answers[op] = answer; }};
};

}  // namespace

TEST_F(Carrying, BringsTheAnswerAndKeepsTheConnection) {
    node.behaviour = say_ok;

    write(1, 0);
    EXPECT_TRUE(until([&] { return answers.contains(1); }));
    write(2, 0);
    EXPECT_TRUE(until([&] { return answers.contains(2); }));

    EXPECT_EQ(answers[2].outcome, Outcome::ok);
    EXPECT_EQ(answers[2].node, 1U);
    EXPECT_EQ(node.accepted, 1U);
}

TEST_F(Carrying, FollowsTheLeader) {
    FakeNode leader(io, subnet.client(2));
    leader.behaviour = say_ok;
    node.behaviour = [](const FakeNode::Request& request) {
        auto response = reply_to(request, server::ReplyStatus::not_leader);
        response.reply.leader = 2;
        return std::optional(response);
    };

    write(1, 0);

    EXPECT_TRUE(until([&] { return answers.contains(1); }));
    EXPECT_EQ(answers[1].outcome, Outcome::ok);
    EXPECT_EQ(answers[1].node, 2U);
    EXPECT_EQ(leader.requests.at(0).request, node.requests.at(0).request);
}

TEST_F(Carrying, NothingSentIsAFailure) {
    node.behaviour = [](const FakeNode::Request& request) {
        return std::optional(reply_to(request, server::ReplyStatus::not_leader));
    };

    write(1, 0);  // Node 1 refuses, node 2 is not there, and so on.

    EXPECT_TRUE(until([&] { return answers.contains(1); }));
    EXPECT_EQ(answers[1].outcome, Outcome::fail);
}

TEST_F(Carrying, ConnectionLostAfterSendingIsDoubt) {
    node.hangs_up = true;

    write(1, 0);

    EXPECT_TRUE(until([&] { return answers.contains(1); }));
    EXPECT_EQ(answers[1].outcome, Outcome::info);
    EXPECT_EQ(answers[1].error, "connection-lost");
}

TEST_F(Carrying, AbandonedOperationLosesItsConnectionAndItsAnswer) {
    write(1, 0);
    EXPECT_TRUE(until([&] { return node.requests.size() == 1; }));

    courier.abandon(1);

    EXPECT_TRUE(until([&] { return node.closed_by_client == 1; }));
    EXPECT_TRUE(answers.empty());
}

TEST_F(Carrying, OneClientsTroubleIsNotAnothers) {
    node.behaviour = [](const FakeNode::Request& request) {
        return request.request.session == 1 ? std::nullopt : say_ok(request);
    };
    write(1, 0);
    write(2, 1);
    EXPECT_TRUE(until([&] { return answers.contains(2); }));

    courier.abandon(1);
    EXPECT_TRUE(until([&] { return node.closed_by_client == 1; }));
    write(3, 1);

    EXPECT_TRUE(until([&] { return answers.contains(3); }));
    EXPECT_EQ(node.accepted, 2U);
}

TEST_F(Carrying, ReplyToAnotherRequestIsNotHeard) {
    node.behaviour = [](const FakeNode::Request& request) {
        auto response = reply_to(request, server::ReplyStatus::ok);
        response.request_id += 1000;
        return std::optional(response);
    };
    write(1, 0);
    EXPECT_TRUE(until([&] { return node.requests.size() == 1; }));
    node.behaviour = say_ok;
    write(2, 1);

    EXPECT_TRUE(until([&] { return answers.contains(2); }));
    EXPECT_FALSE(answers.contains(1));
}

TEST_F(Carrying, StatusTellsWhoLeadsAndWhoIsSilent) {
    std::map<NodeId, Observed> seen;
    int observations = 0;
    node.behaviour = [](const FakeNode::Request& request) {
        FakeNode::Response response;
        response.kind = request.kind;
        response.request_id = request.request_id;
        response.json = R"({"role":"leader","term":3,"leader":1})";
        return std::optional(response);
    };
    StatusPoller poller(io,
                        *systems::find_system("raft-node")->over_sockets(),
                        {{1, subnet.client(1)}, {2, subnet.client(2)}},
                        [&](const Observed& observed) {
                            seen[observed.node] = observed;
                            ++observations;
                        });

    poller.start();
    EXPECT_TRUE(until([&] { return seen.size() == 2; }));
    EXPECT_TRUE(seen[1].up);
    EXPECT_EQ(seen[1].role, "leader");
    EXPECT_EQ(seen[1].term, 3U);
    EXPECT_FALSE(seen[2].up);

    node.behaviour = nullptr;  // Silent from now on, though its connection stays up.
    EXPECT_TRUE(until([&] { return !seen[1].up; }));
    EXPECT_EQ(node.accepted, 1U);
}

}  // namespace squall::harness::process::test
