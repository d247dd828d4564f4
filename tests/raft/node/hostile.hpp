// What the tests of hostile peers and clients share: attackers' frames, a node's counters and
// memory, and whether a cluster still does its work.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "raft/message.hpp"
#include "tests/raft/node/test_client.hpp"

namespace squall::raft::node::test {

/// Far below what any attack here would take without limits, far above what a node needs.
inline constexpr std::uint64_t memory_bound_kib = 200 * 1024;

/// The most memory that the process has ever held at once (VmHWM).
[[nodiscard]] std::uint64_t peak_memory_kib(const NodeProcess& process);

[[nodiscard]] std::uint64_t metric(const TestCluster& cluster, NodeId id, const std::string& name);

/// Waits until the node has counted at least so much.
[[nodiscard]] bool counts(const TestCluster& cluster,
                          NodeId id,
                          const std::string& name,
                          std::uint64_t at_least);

[[nodiscard]] std::string framed(std::string_view payload);
[[nodiscard]] std::string framed(const Message& message);
[[nodiscard]] std::string framed(const server::Request& request, std::uint64_t request_id);
[[nodiscard]] std::string peer_hello(NodeId from, NodeId to, std::uint64_t cluster = 1);
[[nodiscard]] std::string client_hello();

/// A connection on which these bytes were sent.
[[nodiscard]] std::unique_ptr<Socket> dialled(const std::string& host,
                                              std::uint16_t port,
                                              std::string_view bytes);

/// Whether the other side has closed it; takes what comes meanwhile.
[[nodiscard]] bool ends(const Socket& socket);

/// Fails the test unless the cluster takes a write and serves it, no node has ended, and none has
/// ever held more than the bound.
void expect_unharmed(TestCluster& cluster);

}  // namespace squall::raft::node::test
