// A node on sockets of its own: one port for peers, one for clients.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "raft/node/client_network.hpp"
#include "raft/node/network.hpp"
#include "raft/node/peer_network.hpp"

namespace squall::raft::node {

class SocketNetwork final : public Network {
  public:
    /// Binds both ports at once and says so on stderr; throws std::runtime_error, in words.
    explicit SocketNetwork(const Parts& parts);

    void start() override;
    void carry(Outgoing outgoing) override;
    void stop_taking() override;

    [[nodiscard]] bool idle() const override { return clients_.idle(); }

    [[nodiscard]] const std::atomic<std::size_t>& unsent_bytes() const override {
        return clients_.unsent_bytes();
    }

    [[nodiscard]] std::map<std::string, std::uint64_t> gauges() const override;

  private:
    std::size_t max_clients_;
    PeerNetwork peers_;
    ClientNetwork clients_;
};

}  // namespace squall::raft::node
