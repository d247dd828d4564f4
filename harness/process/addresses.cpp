#include "harness/process/addresses.hpp"

#include <arpa/inet.h>
#include <array>
#include <fstream>
#include <netinet/in.h>
#include <random>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/failure.hpp"

namespace squall::harness::process {

namespace {

constexpr std::uint16_t claim_offset = 0;
constexpr std::uint16_t peer_offset = 1;
constexpr std::uint16_t client_offset = 2;
constexpr std::uint16_t proxy_offset = 100;
constexpr unsigned proxy_host = 100;
constexpr unsigned claim_host = 254;
constexpr unsigned port_span = proxy_offset + nodes_max + 1;
constexpr std::size_t attempts_max = 64;

/// Bases with which all our ports lie outside the range from which the kernel takes source ports.
std::vector<std::uint16_t> possible_base_ports() {
    unsigned low = 32768;
    unsigned high = 60999;
    std::ifstream range("/proc/sys/net/ipv4/ip_local_port_range");
    range >> low >> high;
    constexpr std::array<unsigned, 4> candidates = {7000, 20000, 62000, 2000};
    std::vector<std::uint16_t> possible;
    for (const unsigned base : candidates) {
        if (base + port_span <= low || base > high) {
            possible.push_back(static_cast<std::uint16_t>(base));
        }
    }
    if (possible.empty()) {
        throw Failure(
            fmt::format("the ephemeral ports {} to {} leave no room for the nodes' ports; narrow "
                        "net.ipv4.ip_local_port_range",
                        low,
                        high));
    }
    return possible;
}

/// A listening socket, or -1 when somebody has the address. No SO_REUSEADDR: with it, two could
/// bind.
int bind_exclusively(const Endpoint& endpoint) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
        throw Failure(fmt::format("socket: {}", std::generic_category().message(errno)));
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(endpoint.port);
    ::inet_pton(AF_INET, endpoint.host.c_str(), &address.sin_addr);
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    if (::bind(descriptor, generic, sizeof(address)) != 0 || ::listen(descriptor, 1) != 0) {
        ::close(descriptor);
        return -1;
    }
    return descriptor;
}

}  // namespace

std::string to_string(const Endpoint& endpoint) {
    return fmt::format("{}:{}", endpoint.host, endpoint.port);
}

Subnet::Subnet(history::NodeId nodes) {
    if (nodes == 0 || nodes > nodes_max) {
        throw Failure(fmt::format("{} nodes: 1 to {} are possible", nodes, nodes_max));
    }
    const std::vector<std::uint16_t> bases = possible_base_ports();
    // Chance, not the plan's seed: equal plans that run at the same time must not meet.
    std::random_device random;
    for (std::size_t i = 0; i < attempts_max; ++i) {
        // Somebody who listens on a port of every address takes one of the bases from us.
        base_port_ = bases[i % bases.size()];
        const unsigned draw = random();
        prefix_ = fmt::format("127.{}.{}.", 1 + draw % 254, 1 + (draw >> 16U) % 254);
        if (claim(nodes)) {
            return;
        }
    }
    throw Failure(
        fmt::format("no free 127.a.b.0/24 with ports from {} in {} attempts; `ss -tlnp` shows who "
                    "listens there",
                    fmt::join(bases, ", "),
                    attempts_max));
}

bool Subnet::claim(history::NodeId nodes) {
    const int claimed =
        bind_exclusively({host(claim_host), static_cast<std::uint16_t>(base_port_ + claim_offset)});
    if (claimed < 0) {
        return false;
    }
    for (history::NodeId node = 1; node <= nodes; ++node) {
        for (const Endpoint& endpoint : {peer(node), client(node)}) {
            const int probe = bind_exclusively(endpoint);
            if (probe < 0) {
                ::close(claimed);
                return false;
            }
            ::close(probe);
        }
    }
    claim_ = claimed;
    return true;
}

Subnet::~Subnet() {
    if (claim_ >= 0) {
        ::close(claim_);
    }
}

Subnet::Subnet(Subnet&& other) noexcept
    : base_port_(other.base_port_),
      prefix_(std::move(other.prefix_)),
      claim_(std::exchange(other.claim_, -1)) {}

std::string Subnet::host(unsigned last) const {
    return fmt::format("{}{}", prefix_, last);
}

Endpoint Subnet::peer(history::NodeId node) const {
    return {host(node), static_cast<std::uint16_t>(base_port_ + peer_offset)};
}

Endpoint Subnet::client(history::NodeId node) const {
    return {host(node), static_cast<std::uint16_t>(base_port_ + client_offset)};
}

Endpoint Subnet::proxy(nemesis::Link link) const {
    return {host(proxy_host + link.from),
            static_cast<std::uint16_t>(base_port_ + proxy_offset + link.to)};
}

}  // namespace squall::harness::process
