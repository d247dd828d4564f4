#include "tests/raft/node/test_client.hpp"

#include <arpa/inet.h>
#include <array>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

namespace squall::raft::node::test {

Socket::Socket(const std::string& host, std::uint16_t port)
    : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval timeout{std::chrono::seconds(patience).count(), 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
    ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
    const int on = 1;
    ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    ::inet_pton(AF_INET, host.c_str(), &address.sin_addr);
    if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
        ::close(descriptor_);
        descriptor_ = -1;
    }
}

Socket::~Socket() {
    if (connected()) {
        ::close(descriptor_);
    }
}

bool Socket::send(std::string_view bytes) const {
    while (connected() && !bytes.empty()) {
        const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return connected();
}

std::optional<std::string> Socket::receive() const {
    std::array<char, 65536> chunk{};
    const ssize_t size = connected() ? ::recv(descriptor_, chunk.data(), chunk.size(), 0) : -1;
    if (size <= 0) {
        return std::nullopt;
    }
    return std::string(chunk.data(), static_cast<std::size_t>(size));
}

TestClient::TestClient(const std::string& host, std::uint16_t port) : socket_(host, port) {
    std::string hello;
    append_frame(hello, encode(Hello{DiallerRole::client, 0, no_node, no_node}));
    static_cast<void>(socket_.send(hello));
}

std::optional<server::ClientResponse> TestClient::exchange(const server::ClientRequest& request) {
    std::string bytes;
    append_frame(bytes, encode(request));
    if (!socket_.send(bytes)) {
        return std::nullopt;
    }
    while (true) {
        if (const auto payload = reader_.next()) {
            return server::decode_response(*payload);
        }
        const auto chunk = socket_.receive();
        if (!chunk) {
            return std::nullopt;
        }
        reader_.feed(*chunk);
    }
}

std::optional<server::Reply> TestClient::call(const server::Request& request) {
    const auto response = exchange({server::MessageKind::key_value, ++last_request_, request});
    if (!response || response->request_id != last_request_) {
        return std::nullopt;
    }
    return response->reply;
}

std::optional<nlohmann::json> TestClient::status() {
    const auto response = exchange({server::MessageKind::status, ++last_request_, {}});
    if (!response || response->request_id != last_request_) {
        return std::nullopt;
    }
    return nlohmann::json::parse(response->json);
}

std::optional<nlohmann::json> status_of(const TestCluster& cluster, NodeId id) {
    TestClient client(cluster.host(id), TestCluster::client_port);
    return client.status();
}

NodeId leader_of(const TestCluster& cluster, NodeId without) {
    NodeId leader = no_node;
    for (NodeId id = 1; id <= cluster.size(); ++id) {
        if (id == without) {
            continue;
        }
        const auto status = status_of(cluster, id);
        const NodeId known = status ? status->at("leader").get<NodeId>() : no_node;
        if (known == no_node || known == without || (leader != no_node && known != leader)) {
            return no_node;
        }
        leader = known;
    }
    return leader;
}

NodeId await_leader(const TestCluster& cluster, NodeId without) {
    NodeId leader = no_node;
    static_cast<void>(eventually([&] {
        leader = leader_of(cluster, without);
        return leader != no_node;
    }));
    return leader;
}

std::optional<server::Reply> call_any(const TestCluster& cluster, const server::Request& request) {
    std::optional<server::Reply> reply;
    static_cast<void>(eventually([&] {
        for (NodeId id = 1; id <= cluster.size(); ++id) {
            TestClient client(cluster.host(id), TestCluster::client_port);
            reply = client.call(request);
            if (reply && reply->status == server::ReplyStatus::ok) {
                return true;
            }
        }
        return false;
    }));
    return reply;
}

server::Request put(const std::string& key, const std::string& value) {
    server::Request request;
    request.operation = server::Operation::put;
    request.key = key;
    request.value = value;
    return request;
}

server::Request get(const std::string& key) {
    server::Request request;
    request.operation = server::Operation::get;
    request.key = key;
    return request;
}

}  // namespace squall::raft::node::test
