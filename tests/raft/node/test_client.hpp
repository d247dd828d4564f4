// The smallest client that can talk to a node: blocking, one request at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "raft/frame.hpp"
#include "raft/node/hello.hpp"
#include "raft/server/client_protocol.hpp"
#include "tests/raft/node/node_process.hpp"

namespace squall::raft::node::test {

/// A TCP connection that gives up on whatever takes too long.
class Socket {
  public:
    Socket(const std::string& host, std::uint16_t port);
    ~Socket();
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    [[nodiscard]] bool connected() const { return descriptor_ >= 0; }

    [[nodiscard]] int descriptor() const { return descriptor_; }

    /// False: the connection is of no use any more.
    [[nodiscard]] bool send(std::string_view bytes) const;

    /// What there is, waiting for at least one byte. Nothing: the end, or too long.
    [[nodiscard]] std::optional<std::string> receive() const;

  private:
    int descriptor_ = -1;
};

class TestClient {
  public:
    TestClient(const std::string& host, std::uint16_t port);

    /// Nothing: the connection failed.
    [[nodiscard]] std::optional<server::Reply> call(const server::Request& request);
    [[nodiscard]] std::optional<nlohmann::json> status();

  private:
    [[nodiscard]] std::optional<server::ClientResponse> exchange(
        const server::ClientRequest& request);

    Socket socket_;
    FrameReader reader_{std::size_t{16} << 20U};
    std::uint64_t last_request_ = 0;
};

/// The node's status, or nothing when it does not answer.
[[nodiscard]] std::optional<nlohmann::json> status_of(const TestCluster& cluster, NodeId id);

/// The node that the whole cluster, except `without`, follows; 0 when there is none yet.
[[nodiscard]] NodeId leader_of(const TestCluster& cluster, NodeId without = no_node);

/// Waits for one.
[[nodiscard]] NodeId await_leader(const TestCluster& cluster, NodeId without = no_node);

/// Tries every node until one answers ok, again and again.
[[nodiscard]] std::optional<server::Reply> call_any(const TestCluster& cluster,
                                                    const server::Request& request);

[[nodiscard]] server::Request put(const std::string& key, const std::string& value);
[[nodiscard]] server::Request get(const std::string& key);

}  // namespace squall::raft::node::test
