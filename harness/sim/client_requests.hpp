// Between the harness's words for a client operation and the server's: the simulator's counterpart
// of a client that speaks docs/protocol.md.
#pragma once

#include "harness/attempts.hpp"
#include "harness/cluster.hpp"
#include "raft/server/request.hpp"

namespace squall::harness::sim {

/// Throws Failure on a function that the key-value store does not have.
[[nodiscard]] raft::server::Request to_server_request(const Invocation& invocation);

[[nodiscard]] NodeReply to_node_reply(raft::server::Reply&& reply);

}  // namespace squall::harness::sim
