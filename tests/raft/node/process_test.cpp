// One raft-node as a process: start, stop, what it refuses, and what must not bring it down.
#include <algorithm>
#include <csignal>
#include <fstream>
#include <future>
#include <random>
#include <sys/wait.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/raft/node/test_client.hpp"

namespace squall::raft::node::test {
namespace {

using server::ReplyStatus;
using testing::HasSubstr;

int exit_code(const std::optional<int>& status) {
    return status && WIFEXITED(*status) ? WEXITSTATUS(*status) : -1;
}

TEST(Process, SigtermExitsZeroAndKeepsWhatWasWritten) {
    TestCluster cluster(1, {});
    cluster.start(1);
    ASSERT_TRUE(call_any(cluster, put("k", "v")));

    cluster.process(1).signal(SIGTERM);

    EXPECT_EQ(exit_code(cluster.process(1).wait()), 0);
    cluster.start(1);
    const auto read = call_any(cluster, get("k"));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->value, "v");
}

TEST(Process, SigtermWaitsNoLongerThanTheGraceForWhatCannotBeAnswered) {
    TestCluster cluster(3,
                        {"--stop-grace-ms",
                         "50",
                         "--election-min-ms",
                         "1500",
                         "--election-max-ms",
                         "2000",
                         "--heartbeat-ms",
                         "10"});
    cluster.start_all();
    const NodeId leader = await_leader(cluster);
    ASSERT_NE(leader, no_node);
    for (NodeId id = 1; id <= 3; ++id) {
        cluster.process(id).signal(id == leader ? SIGCONT : SIGSTOP);
    }
    const Socket socket(cluster.host(leader), TestCluster::client_port);
    std::string bytes;
    append_frame(bytes, encode(Hello{DiallerRole::client, 0, 0, 0}));
    append_frame(bytes,
                 encode(server::ClientRequest{server::MessageKind::key_value, 1, put("k", "v")}));
    ASSERT_TRUE(socket.send(bytes));
    ASSERT_TRUE(eventually(
        [&] { return status_of(cluster, leader)->at("metrics").at("open_requests") == 1; }));

    cluster.process(leader).signal(SIGTERM);

    EXPECT_EQ(exit_code(cluster.process(leader).wait()), 0);
}

TEST(Process, ReportsTheAddressesThatTheSystemChose) {
    const TemporaryDirectory directory;
    NodeProcess process({"--id", "1", "--data", directory.path() / "data"},
                        directory.path() / "stderr");

    ASSERT_TRUE(eventually([&] { return process.stderr_text().find("\n") != std::string::npos; }));

    EXPECT_THAT(process.stderr_text(),
                testing::MatchesRegex(
                    "listening peer=127.0.0.1:[1-9][0-9]* client=127.0.0.1:[1-9][0-9]*\n(.|\n)*"));
}

TEST(Process, ASecondNodeOnTheSameDataIsRefused) {
    TestCluster cluster(1, {});
    cluster.start(1);
    ASSERT_TRUE(eventually([&] { return status_of(cluster, 1).has_value(); }));
    const TemporaryDirectory directory;

    NodeProcess second({"--id", "1", "--data", cluster.data_directory(1)},
                       directory.path() / "stderr");

    EXPECT_EQ(exit_code(second.wait()), 3);
    EXPECT_THAT(second.stderr_text(), HasSubstr("another process uses this directory"));
    EXPECT_TRUE(cluster.process(1).running());
}

TEST(Process, ATakenAddressIsRefused) {
    TestCluster cluster(1, {});
    cluster.start(1);
    ASSERT_TRUE(eventually([&] { return status_of(cluster, 1).has_value(); }));
    const TemporaryDirectory directory;
    const std::string taken = cluster.host(1) + ":" + std::to_string(TestCluster::client_port);

    NodeProcess second({"--id", "1", "--data", directory.path() / "data", "--listen-client", taken},
                       directory.path() / "stderr");

    EXPECT_EQ(exit_code(second.wait()), 1);
    EXPECT_THAT(second.stderr_text(), HasSubstr("--listen-client"));
    EXPECT_THAT(second.stderr_text(), HasSubstr(taken));
}

TEST(Process, CorruptionIsRefusedWithACodeOfItsOwn) {
    TestCluster cluster(1, {"--segment-bytes", "4096"});
    cluster.start(1);
    for (int i = 0; i < 40; ++i) {
        ASSERT_TRUE(call_any(cluster, put("k", std::string(300, 'x'))));
    }
    cluster.kill(1);
    std::vector<std::filesystem::path> segments;
    for (const auto& entry : std::filesystem::directory_iterator(cluster.data_directory(1))) {
        segments.push_back(entry.path());
    }
    std::sort(segments.begin(), segments.end());
    ASSERT_GT(segments.size(), 2U);
    {
        // In the middle of a segment that is not the last: no crash does that.
        std::fstream file(segments[1], std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(1000);
        file.write("garbage!", 8);
    }

    cluster.start(1);

    EXPECT_EQ(exit_code(cluster.process(1).wait()), 3);
    EXPECT_THAT(cluster.process(1).stderr_text(), HasSubstr("fatal: "));
}

TEST(Process, GarbageOnItsPortsDoesNotBringItDown) {
    TestCluster cluster(1, {});
    cluster.start(1);
    ASSERT_TRUE(call_any(cluster, put("k", "v")));
    std::mt19937 random(1);
    std::string peer_hello;
    append_frame(peer_hello, encode(Hello{DiallerRole::peer, 1, 2, 1}));
    std::string client_hello;
    append_frame(client_hello, encode(Hello{DiallerRole::client, 1, 0, 1}));

    for (int round = 0; round < 50; ++round) {
        std::string noise(1 + random() % 3000, '\0');
        for (char& byte : noise) {
            byte = static_cast<char>(random());
        }
        std::string framed;
        append_frame(framed, noise);
        for (const std::uint16_t port : {TestCluster::peer_port, TestCluster::client_port}) {
            const std::string& hello = port == TestCluster::peer_port ? peer_hello : client_hello;
            for (const std::string& bytes : {noise, framed, hello + noise, hello + framed}) {
                const Socket socket(cluster.host(1), port);
                ASSERT_TRUE(socket.connected());
                static_cast<void>(socket.send(bytes));
            }
        }
    }

    ASSERT_TRUE(eventually([&] {
        const auto status = status_of(cluster, 1);
        return status && status->at("metrics").at("frames_rejected") >= 200;
    }));
    EXPECT_EQ(call_any(cluster, get("k"))->value, "v");
    EXPECT_TRUE(cluster.process(1).running());
}

TEST(Process, ANewConnectionBeyondTheLimitTakesThePlaceOfTheLongestIdle) {
    TestCluster cluster(1, {"--max-clients", "2"});
    cluster.start(1);
    ASSERT_TRUE(eventually([&] { return status_of(cluster, 1).has_value(); }));
    TestClient first(cluster.host(1), TestCluster::client_port);
    ASSERT_TRUE(first.status());
    TestClient second(cluster.host(1), TestCluster::client_port);
    ASSERT_TRUE(second.status());
    const std::uint64_t evicted = second.status()->at("metrics").at("connections_evicted");

    TestClient third(cluster.host(1), TestCluster::client_port);

    EXPECT_TRUE(third.status());
    EXPECT_FALSE(first.status());
    EXPECT_EQ(second.status()->at("metrics").at("connections_evicted"), evicted + 1);
}

TEST(Process, ManyRequestsOnOneConnectionAreAllAnswered) {
    TestCluster cluster(1, {});
    cluster.start(1);
    ASSERT_TRUE(call_any(cluster, put("k", "v")));
    constexpr std::uint64_t requests = 3000;  // Far beyond what one connection may have open.
    const Socket socket(cluster.host(1), TestCluster::client_port);
    std::string bytes;
    append_frame(bytes, encode(Hello{DiallerRole::client, 0, 0, 0}));
    for (std::uint64_t id = 1; id <= requests; ++id) {
        append_frame(
            bytes,
            encode(server::ClientRequest{server::MessageKind::key_value, id, put("k", "w")}));
    }

    ASSERT_TRUE(socket.send(bytes));

    FrameReader reader(std::size_t{16} << 20U);
    std::uint64_t answered = 0;
    while (answered < requests) {
        const auto chunk = socket.receive();
        ASSERT_TRUE(chunk) << answered;
        reader.feed(*chunk);
        while (const auto payload = reader.next()) {
            const auto response = server::decode_response(*payload);
            ASSERT_TRUE(response);
            EXPECT_EQ(response->reply.status, ReplyStatus::ok);
            ++answered;
        }
    }
}

TEST(Process, AClientThatDoesNotReadIsNotReadFromUntilItDoes) {
    TestCluster cluster(1, {});
    cluster.start(1);
    ASSERT_TRUE(eventually([&] { return status_of(cluster, 1).has_value(); }));
    constexpr std::uint64_t requests = 25000;
    std::string bytes;
    append_frame(bytes, encode(Hello{DiallerRole::client, 0, 0, 0}));
    for (std::uint64_t id = 1; id <= requests; ++id) {
        append_frame(bytes, encode(server::ClientRequest{server::MessageKind::status, id, {}}));
    }
    const Socket socket(cluster.host(1), TestCluster::client_port);
    const auto sending = std::async(std::launch::async, [&] { return socket.send(bytes); });
    TestClient watcher(cluster.host(1), TestCluster::client_port);
    std::uint64_t unsent = 0;
    ASSERT_TRUE(eventually([&] {
        unsent = watcher.status()->at("metrics").at("client_unsent_bytes");
        return unsent >= std::uint64_t{4} << 20U;
    })) << unsent;

    FrameReader reader(std::size_t{16} << 20U);
    std::uint64_t answered = 0;
    while (answered < requests) {
        const auto chunk = socket.receive();
        ASSERT_TRUE(chunk) << answered;
        reader.feed(*chunk);
        while (reader.next()) {
            ++answered;
        }
    }

    EXPECT_LT(unsent, std::uint64_t{8} << 20U) << "one read's worth beyond the limit at most";
}

}  // namespace
}  // namespace squall::raft::node::test
