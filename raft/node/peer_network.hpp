// All traffic between nodes, on the network thread: one link to every peer for sending, accepted
// connections for receiving. What arrives goes to the inbox, or is dropped when that is full.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "raft/node/inbox.hpp"
#include "raft/node/listener.hpp"
#include "raft/node/metrics.hpp"
#include "raft/node/options.hpp"
#include "raft/node/outbox.hpp"
#include "raft/node/peer_link.hpp"

namespace squall::raft::node {

class PeerNetwork {
  public:
    /// Binds at once; throws std::runtime_error, in words.
    PeerNetwork(boost::asio::io_context& io,
                const Options& options,
                Inbox& inbox,
                Metrics& metrics);

    void start();

    void send(const std::vector<Outgoing::Message>& messages);

    /// Accepts no new connections; the node goes on talking on those that there are.
    void stop_accepting() { listener_.stop(); }

    [[nodiscard]] Address address() const { return listener_.address(); }

    [[nodiscard]] std::size_t unsent_bytes() const;

  private:
    [[nodiscard]] bool accepted(const std::shared_ptr<Connection>& connection,
                                NodeId from,
                                GuestId guest);
    [[nodiscard]] bool receive(NodeId from, std::string_view payload);

    NodeId self_;
    Inbox& inbox_;
    Metrics& metrics_;
    Listener listener_;
    std::map<NodeId, PeerLink> links_;
    std::map<NodeId, std::weak_ptr<Connection>> senders_;  ///< The last accepted of each.
};

}  // namespace squall::raft::node
