// The addresses of one run: a random 127.a.b.0/24 of the loopback network, claimed for as long as
// the value lives, so that two runs at once never meet. Ports lie outside the ephemeral range, so
// that no outgoing connection of anybody can take a node's address while it is down.
#pragma once

#include <cstdint>
#include <string>

#include "nemesis/fault.hpp"

namespace squall::harness::process {

struct Endpoint {
    std::string host;
    std::uint16_t port = 0;
    friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// HOST:PORT.
[[nodiscard]] std::string to_string(const Endpoint& endpoint);

/// More would need more than one subnet.
inline constexpr history::NodeId nodes_max = 99;

class Subnet {
  public:
    /// Tries random subnets until one can be claimed and the `nodes` nodes' addresses in it are
    /// free. Throws Failure when there is none.
    explicit Subnet(history::NodeId nodes);
    ~Subnet();
    Subnet(Subnet&& other) noexcept;
    Subnet(const Subnet&) = delete;
    Subnet& operator=(const Subnet&) = delete;
    Subnet& operator=(Subnet&&) = delete;

    /// Where `node` listens for other nodes.
    [[nodiscard]] Endpoint peer(history::NodeId node) const;

    /// Where `node` listens for clients.
    [[nodiscard]] Endpoint client(history::NodeId node) const;

    /// Where `link.from` dials in order to reach `link.to`.
    [[nodiscard]] Endpoint proxy(nemesis::Link link) const;

  private:
    [[nodiscard]] std::string host(unsigned last) const;
    [[nodiscard]] bool claim(history::NodeId nodes);

    std::uint16_t base_port_ = 0;
    std::string prefix_;  ///< "127.a.b."
    int claim_ = -1;      ///< A listening socket that nobody else can bind.
};

}  // namespace squall::harness::process
