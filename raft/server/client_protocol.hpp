// The payloads between clients and a node (docs/protocol.md, "Clients"). Bytes to values and back,
// nothing else; frames and sockets are elsewhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "raft/server/request.hpp"

namespace squall::raft::server {

enum class MessageKind : std::uint8_t { key_value = 1, status = 2 };

/// From a client to a node.
struct ClientRequest {
    MessageKind kind = MessageKind::key_value;
    std::uint64_t request_id = 0;  ///< The client's, comes back in the response.
    Request request;               ///< key_value only.
    friend bool operator==(const ClientRequest&, const ClientRequest&) = default;
};

/// From a node to a client.
struct ClientResponse {
    MessageKind kind = MessageKind::key_value;
    std::uint64_t request_id = 0;
    Reply reply;       ///< key_value only.
    std::string json;  ///< status only.
    friend bool operator==(const ClientResponse&, const ClientResponse&) = default;
};

[[nodiscard]] std::string encode(const ClientRequest& request);
[[nodiscard]] std::string encode(const ClientResponse& response);

/// Nothing when the bytes are not exactly one well-formed message. Never over-reads; allocates no
/// more than the input.
[[nodiscard]] std::optional<ClientRequest> decode_request(std::string_view bytes);
[[nodiscard]] std::optional<ClientResponse> decode_response(std::string_view bytes);

}  // namespace squall::raft::server
