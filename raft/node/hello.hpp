// The first frame on every connection (docs/protocol.md, "Hello"): who dials whom, as what.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "raft/types.hpp"

namespace squall::raft::node {

enum class DiallerRole : std::uint8_t { peer = 1, client = 2 };

struct Hello {
    DiallerRole role = DiallerRole::peer;
    std::uint64_t cluster = 0;  ///< Clients may say 0: any.
    NodeId from = no_node;      ///< 0 for clients.
    NodeId to = no_node;        ///< 0: any.
    friend bool operator==(const Hello&, const Hello&) = default;
};

[[nodiscard]] std::string encode(const Hello& hello);

/// Nothing when the bytes are not exactly a hello of our version.
[[nodiscard]] std::optional<Hello> decode_hello(std::string_view bytes);

/// Whether a hello that arrived is meant for this node's port of this role.
[[nodiscard]] bool fits(const Hello& hello, DiallerRole port, std::uint64_t cluster, NodeId self);

}  // namespace squall::raft::node
