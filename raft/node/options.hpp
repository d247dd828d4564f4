// The command line of raft-node: every timing and size limit is a flag whose help text is its
// documentation. Knows nothing of how the values are used, beyond checking that they make sense
// together.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>

#include "raft/server/server.hpp"
#include "raft/storage/storage.hpp"

namespace squall::raft::node {

/// Where to listen or dial. `host` is an IPv4 or IPv6 address (never a name: nothing to resolve).
struct Address {
    std::string host;
    std::uint16_t port = 0;
    friend bool operator==(const Address&, const Address&) = default;
};

/// Text form, "127.0.0.1:7000" or "[::1]:7000".
[[nodiscard]] std::string to_string(const Address& address);
[[nodiscard]] std::optional<Address> parse_address(const std::string& text);

struct Options {
    /// Speaks Maelstrom's protocol on standard input and output instead of listening and dialling;
    /// `id` and the voters come from its first message, and directories may be left to it.
    bool stdio = false;
    NodeId id = no_node;
    std::uint64_t cluster = 1;
    std::map<NodeId, Address> peers;  ///< Everybody else.
    Address listen_peer;
    Address listen_client;
    std::string data_directory;
    std::optional<std::string> trace_directory;
    std::size_t max_clients = 0;
    std::chrono::milliseconds stop_grace{0};
    std::chrono::milliseconds stall_timeout{0};
    server::ServerConfig server;
    storage::StorageConfig storage;
};

/// Nothing to run: what to print where (--help, or what is wrong) and how to exit.
struct Usage {
    int exit_code = 0;
    std::string out;
    std::string error;
};

inline constexpr int exit_usage = 64;

[[nodiscard]] std::variant<Options, Usage> parse_options(int argc, const char* const* argv);

}  // namespace squall::raft::node
