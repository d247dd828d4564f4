// The messages that Squall itself sends and reads: init, the operations of clients, their answers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/attempts.hpp"
#include "harness/cluster.hpp"
#include "workloads/workload.hpp"

namespace squall::harness::maelstrom {

/// Who sends `init`.
inline constexpr std::string_view init_sender = "c0";

/// "n3".
[[nodiscard]] std::string node_name(NodeId node);

/// The node of a name, 0 if it is none of n1 to n`nodes`.
[[nodiscard]] NodeId node_of(std::string_view name, std::uint32_t nodes);

/// "c4" for logical client 3: Maelstrom has no c0 among its workers, init comes from it.
[[nodiscard]] std::string client_name(ClientId client);

/// Lines with their newline.
[[nodiscard]] std::string init_line(NodeId node, std::uint32_t nodes, std::uint64_t msg_id);

/// Throws Failure for a function that the protocol does not have.
[[nodiscard]] std::string request_line(ClientId client,
                                       NodeId node,
                                       std::uint64_t msg_id,
                                       const workloads::Request& request);

/// What the body of an answer amounts to. `line` was read as an envelope before. An answer of an
/// unexpected type, or without the fields that it must have, is *unknown* with the error
/// `unexpected_reply_error`.
[[nodiscard]] NodeReply read_reply(std::string_view line, const workloads::Request& request);

inline constexpr std::string_view unexpected_reply_error = "unexpected-reply";

}  // namespace squall::harness::maelstrom
