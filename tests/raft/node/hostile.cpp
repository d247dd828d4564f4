#include "tests/raft/node/hostile.hpp"

#include <fstream>
#include <limits>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace squall::raft::node::test {

std::uint64_t peak_memory_kib(const NodeProcess& process) {
    std::ifstream status(fmt::format("/proc/{}/status", process.pid()));
    for (std::string word; status >> word;) {
        if (word == "VmHWM:") {
            std::uint64_t kib = 0;
            status >> kib;
            return kib;
        }
    }
    return std::numeric_limits<std::uint64_t>::max();
}

std::uint64_t metric(const TestCluster& cluster, NodeId id, const std::string& name) {
    const auto status = status_of(cluster, id);
    return status ? status->at("metrics").at(name).get<std::uint64_t>() : 0;
}

bool counts(const TestCluster& cluster,
            NodeId id,
            const std::string& name,
            std::uint64_t at_least) {
    return eventually([&] { return metric(cluster, id, name) >= at_least; });
}

std::string framed(std::string_view payload) {
    std::string bytes;
    append_frame(bytes, payload);
    return bytes;
}

std::string framed(const Message& message) {
    return framed(encode(message));
}

std::string framed(const server::Request& request, std::uint64_t request_id) {
    return framed(
        encode(server::ClientRequest{server::MessageKind::key_value, request_id, request}));
}

std::string peer_hello(NodeId from, NodeId to, std::uint64_t cluster) {
    return framed(encode(Hello{DiallerRole::peer, cluster, from, to}));
}

std::string client_hello() {
    return framed(encode(Hello{DiallerRole::client, 0, no_node, no_node}));
}

std::unique_ptr<Socket> dialled(const std::string& host,
                                std::uint16_t port,
                                std::string_view bytes) {
    auto socket = std::make_unique<Socket>(host, port);
    EXPECT_TRUE(socket->send(bytes));
    return socket;
}

bool ends(const Socket& socket) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (socket.receive()) {
        if (std::chrono::steady_clock::now() > deadline) {
            return false;
        }
    }
    return std::chrono::steady_clock::now() <= deadline;
}

void expect_unharmed(TestCluster& cluster) {
    const std::string value = std::to_string(std::random_device{}());
    const auto written = call_any(cluster, put("unharmed", value));
    const auto read = call_any(cluster, get("unharmed"));
    ASSERT_TRUE(written && read);
    EXPECT_EQ(read->value, value);
    for (NodeId id = 1; id <= cluster.size(); ++id) {
        EXPECT_TRUE(cluster.process(id).running()) << cluster.process(id).stderr_text();
        EXPECT_LT(peak_memory_kib(cluster.process(id)), memory_bound_kib) << "node " << id;
    }
}

}  // namespace squall::raft::node::test
