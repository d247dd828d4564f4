// Clients that mean no good, or are broken: the cluster goes on for the others, no node grows or
// ends, and the attack is counted.
#include <sys/resource.h>
#include <sys/socket.h>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/raft/node/hostile.hpp"

namespace squall::raft::node::test {
namespace {

using server::Operation;
using server::ReplyStatus;
using server::Request;

constexpr std::uint16_t port = TestCluster::client_port;

/// A cluster, and its leader as the victim.
class Victim {
  public:
    explicit Victim(std::vector<std::string> arguments = {"--stall-timeout-ms", "400"})
        : cluster(3, std::move(arguments)) {
        cluster.start_all();
        leader = await_leader(cluster);
        EXPECT_NE(leader, no_node);
    }

    [[nodiscard]] std::unique_ptr<Socket> dial(std::string_view bytes) const {
        return dialled(cluster.host(leader), port, client_hello() + std::string(bytes));
    }

    [[nodiscard]] bool counts(const std::string& name, std::uint64_t at_least) const {
        return test::counts(cluster, leader, name, at_least);
    }

    TestCluster cluster;
    NodeId leader = no_node;
};

/// Room for so many open files here; false where the system forbids it.
bool allow_descriptors(rlim_t count) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max < count) {
        return false;
    }
    limit.rlim_cur = limit.rlim_max;
    return ::setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

TEST(HostileClient, FramesThatMakeNoSenseAreRefused) {
    Victim victim;

    EXPECT_TRUE(ends(*victim.dial(framed("garbage"))));
    EXPECT_TRUE(ends(*victim.dial(std::string(8, '\xff'))));
    std::string damaged = framed(get("k"), 1);
    damaged.back() = static_cast<char>(damaged.back() ^ 1);
    EXPECT_TRUE(ends(*victim.dial(damaged)));

    EXPECT_TRUE(victim.counts("frames_malformed", 1));
    EXPECT_TRUE(victim.counts("frames_too_long", 1));
    EXPECT_TRUE(victim.counts("frames_bad_checksum", 1));
    expect_unharmed(victim.cluster);
}

TEST(HostileClient, OversizedKeysAndValuesAreAnsweredMalformed) {
    Victim victim;
    TestClient client(victim.cluster.host(victim.leader), port);

    const auto key = client.call(get(std::string(limits::key_bytes + 1, 'k')));
    const auto value = client.call(put("k", std::string(limits::value_bytes + 1, 'v')));

    ASSERT_TRUE(key && value);
    EXPECT_EQ(key->status, ReplyStatus::malformed);
    EXPECT_EQ(value->status, ReplyStatus::malformed);
    EXPECT_TRUE(victim.counts("requests_malformed", 2));
    expect_unharmed(victim.cluster);
}

TEST(HostileClient, AMillionRequestsWithoutReadingRepliesEndTheConnection) {
    Victim victim;
    const std::string request = framed(get("k"), 1);
    std::string batch;
    for (int i = 0; i < 10000; ++i) {
        batch += request;
    }
    const auto socket = victim.dial("");

    bool alive = true;
    for (int i = 0; i < 100 && alive; ++i) {
        alive = socket->send(batch);
    }

    EXPECT_TRUE(victim.counts("stalled_readers", 1));
    expect_unharmed(victim.cluster);
}

TEST(HostileClient, SmallRequestsForLargeValuesTakeABoundedAmountOfMemory) {
    Victim victim;
    ASSERT_TRUE(call_any(victim.cluster, put("large", std::string(limits::value_bytes, 'v'))));
    std::string gets;
    for (std::uint64_t id = 1; id <= limits::client_open_requests; ++id) {
        gets += framed(get("large"), id);
    }

    std::vector<std::unique_ptr<Socket>> sockets;
    for (int i = 0; i < 30; ++i) {
        sockets.push_back(victim.dial(gets));
    }

    EXPECT_TRUE(victim.counts("values_withheld", 1));
    EXPECT_TRUE(victim.counts("stalled_readers", 1));
    expect_unharmed(victim.cluster);
}

TEST(HostileClient, ConnectionsThatSendAByteNowAndThenAreEnded) {
    Victim victim;
    const std::string request = framed(put("k", std::string(1000, 'v')), 1);
    const auto slow = victim.dial("");
    const auto slow_hello = dialled(victim.cluster.host(victim.leader), port, "");
    std::size_t sent = 0;

    // A byte whenever the cluster has answered somebody else: the frame never becomes whole.
    const bool ended = eventually([&] {
        static_cast<void>(slow->send(request.substr(sent % 500, 1)));
        static_cast<void>(slow_hello->send(client_hello().substr(sent % 8, 1)));
        sent = std::min<std::size_t>(sent + 1, 499);
        return metric(victim.cluster, victim.leader, "stalled_senders") >= 1;
    });

    EXPECT_TRUE(ended);
    expect_unharmed(victim.cluster);
}

TEST(HostileClient, BegunRequestsOfAllTogetherAreBounded) {
    Victim victim(std::vector<std::string>{});
    std::string begun;
    append_frame(begun, std::string(limits::client_frame_bytes, 'x'));
    begun.pop_back();

    std::vector<std::unique_ptr<Socket>> sockets;
    for (std::size_t i = 0; i < 100; ++i) {
        sockets.push_back(std::make_unique<Socket>(victim.cluster.host(victim.leader), port));
        static_cast<void>(sockets.back()->send(client_hello() + begun));
    }

    EXPECT_TRUE(victim.counts("hoarders_closed", 1));
    EXPECT_LE(metric(victim.cluster, victim.leader, "client_partial_bytes"),
              2 * limits::partial_request_bytes);
    expect_unharmed(victim.cluster);
}

TEST(HostileClient, HalfClosedConnectionsAreEnded) {
    Victim victim;
    const auto half_frame = victim.dial(framed(get("k"), 1).substr(0, 20));
    const auto whole = victim.dial("");
    ::shutdown(half_frame->descriptor(), SHUT_WR);
    ::shutdown(whole->descriptor(), SHUT_WR);

    EXPECT_TRUE(ends(*half_frame));
    EXPECT_TRUE(ends(*whole));
    EXPECT_TRUE(victim.counts("frames_truncated", 1));
    expect_unharmed(victim.cluster);
}

constexpr std::size_t crowd = 10000;

TEST(HostileClient, TenThousandIdleConnectionsAreHeldWhereThereIsRoom) {
    // As many here as there, and some.
    if (!allow_descriptors(crowd + 1000)) {
        GTEST_SKIP() << "the hard limit of open files is below " << crowd + 1000;
    }
    Victim victim({"--max-clients", "16384"});
    std::vector<std::unique_ptr<Socket>> sockets;
    for (std::size_t i = 0; i < crowd; ++i) {
        sockets.push_back(victim.dial(""));
    }

    EXPECT_TRUE(victim.counts("clients", crowd));
    EXPECT_EQ(metric(victim.cluster, victim.leader, "connections_refused"), 0U);
    expect_unharmed(victim.cluster);
}

TEST(HostileClient, TenThousandIdleConnectionsMakeRoomForTheOthersWhereThereIsNone) {
    if (!allow_descriptors(crowd + 1000)) {
        GTEST_SKIP() << "the hard limit of open files is below " << crowd + 1000;
    }
    Victim victim({"--max-clients", "64"});
    std::vector<std::unique_ptr<Socket>> sockets;
    for (std::size_t i = 0; i < crowd; ++i) {
        sockets.push_back(std::make_unique<Socket>(victim.cluster.host(victim.leader), port));
    }

    EXPECT_TRUE(victim.counts("connections_evicted", crowd - 200));
    EXPECT_LE(metric(victim.cluster, victim.leader, "clients"), 64U);
    expect_unharmed(victim.cluster);
}

// Connections must not take the descriptors that the log needs for its next file.
TEST(HostileClient, ConnectionsLeaveDescriptorsForTheLog) {
    constexpr std::size_t descriptors = 256;
    TestCluster cluster(1, {"--segment-bytes", "4096"});
    const TemporaryDirectory directory;
    NodeProcess node(cluster.arguments(1), directory.path() / "stderr", descriptors);
    ASSERT_TRUE(eventually([&] { return status_of(cluster, 1).has_value(); }));
    EXPECT_LT(metric(cluster, 1, "clients_max"), descriptors);

    std::vector<std::unique_ptr<Socket>> sockets;
    for (std::size_t i = 0; i < 2 * descriptors; ++i) {
        sockets.push_back(std::make_unique<Socket>(cluster.host(1), port));
    }
    for (int i = 0; i < 50; ++i) {
        ASSERT_TRUE(call_any(cluster, put("k", std::string(1000, 'v'))));
    }

    EXPECT_TRUE(node.running()) << node.stderr_text();
}

TEST(HostileClient, TooFewDescriptorsForANodeAreRefusedAtTheStart) {
    TestCluster cluster(1, {});
    const TemporaryDirectory directory;
    NodeProcess node(cluster.arguments(1), directory.path() / "stderr", 64);

    EXPECT_TRUE(node.wait());
    EXPECT_NE(node.stderr_text().find("ulimit -Hn"), std::string::npos) << node.stderr_text();
}

TEST(HostileClient, AFloodOfSessionsDoesNotMakeAMutationApplyTwice) {
    Victim victim({"--max-sessions", "100"});
    Request once = put("once", "x");
    once.operation = Operation::append;
    once.session = 7;
    once.sequence = 1;
    ASSERT_EQ(call_any(victim.cluster, once)->status, ReplyStatus::ok);

    TestClient flood(victim.cluster.host(victim.leader), port);
    int refused = 0;
    for (std::uint64_t session = 1000; session < 1300; ++session) {
        Request request = put("flood", "f");
        request.session = session;
        request.sequence = 1;
        const auto reply = flood.call(request);
        refused += reply && reply->status == ReplyStatus::session_expired ? 1 : 0;
    }

    EXPECT_EQ(refused, 201) << "one place was taken, 99 were left";
    EXPECT_EQ(call_any(victim.cluster, once)->status, ReplyStatus::ok);
    EXPECT_EQ(call_any(victim.cluster, get("once"))->value, "x");
    expect_unharmed(victim.cluster);
}

}  // namespace
}  // namespace squall::raft::node::test
