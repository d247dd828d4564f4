// What the harness must know of a kind of system under test: how its nodes are started and how its
// clients talk to it. One file per system, one line in registry.cpp. A System is a constant value
// without state: it opens nothing and waits for nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/attempts.hpp"
#include "harness/cluster.hpp"
#include "harness/plan.hpp"
#include "harness/run.hpp"

namespace squall::harness::systems {

/// Where one node listens, whom it dials and where it writes. Addresses are HOST:PORT.
struct NodeLaunch {
    NodeId node = 0;
    std::string listen_peer;
    std::string listen_client;
    std::map<NodeId, std::string>
        peers;  ///< Where to dial each node; its own entry is listen_peer.
    std::string data_directory;
    std::string trace_directory;
};

struct ClientReply {
    std::uint64_t request = 0;
    NodeReply reply;
};

struct StatusReply {
    std::uint64_t request = 0;
    Observed observed;  ///< `node` is left to the asker.
};

using FromNode = std::variant<ClientReply, StatusReply>;

/// What stands at the front of received bytes.
struct Decoded {
    std::size_t consumed = 0;         ///< 0: more bytes are needed.
    std::optional<FromNode> message;  ///< Set when something was consumed.
    bool malformed = false;           ///< The connection is of no more use.
};

/// A documented bug that the system's nodes can be told to have.
struct Bug {
    std::string_view slug;
    std::string_view what;
    std::string_view source;    ///< Who had it.
    std::string_view breaks;    ///< Which property.
    std::string_view detector;  ///< The cheapest that should find it, by its name in judge.cpp.
};

class SocketSystem;

class System {
  public:
    virtual ~System() = default;

    [[nodiscard]] virtual std::string_view name() const = 0;

    /// One line for `squall list`.
    [[nodiscard]] virtual std::string_view description() const = 0;
    [[nodiscard]] virtual Capabilities capabilities() const = 0;

    /// Names of the workloads that its nodes can serve, the usual one first.
    [[nodiscard]] virtual std::span<const std::string_view> workloads() const = 0;

    /// What `--bug` may switch on; empty for systems without such switches.
    [[nodiscard]] virtual std::span<const Bug> bugs() const { return {}; }

    /// How to start and to address its nodes. Null: the user names the program, and nodes speak
    /// Maelstrom's protocol on their standard input and output.
    [[nodiscard]] virtual const SocketSystem* over_sockets() const { return nullptr; }
};

/// A kind of system whose nodes listen for one another and for clients.
class SocketSystem : public System {
  public:
    [[nodiscard]] const SocketSystem* over_sockets() const final { return this; }

    /// The node's command line, without the program.
    [[nodiscard]] virtual std::vector<std::string> arguments(const Plan& plan,
                                                             const NodeLaunch& launch) const = 0;

    /// First bytes of a client on a new connection to `node`.
    [[nodiscard]] virtual std::string greeting(NodeId node) const = 0;

    /// Bytes of an operation. Throws Failure on a function that the system does not offer.
    [[nodiscard]] virtual std::string request(std::uint64_t id,
                                              const Invocation& invocation) const = 0;

    /// Bytes of the question for a node's role. The answer is also the sign that it is ready.
    [[nodiscard]] virtual std::string status_request(std::uint64_t id) const = 0;

    [[nodiscard]] virtual Decoded decode(std::string_view bytes) const = 0;
};

[[nodiscard]] std::span<const System* const> systems();

[[nodiscard]] const System* find_system(std::string_view name);

}  // namespace squall::harness::systems
