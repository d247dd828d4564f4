#include "raft/node/peer_network.hpp"

#include <optional>
#include <utility>

#include "raft/message.hpp"
#include "raft/node/hello.hpp"

namespace squall::raft::node {

PeerNetwork::PeerNetwork(boost::asio::io_context& io,
                         const Options& options,
                         Inbox& inbox,
                         Metrics& metrics)
    : self_(options.id),
      inbox_(inbox),
      metrics_(metrics),
      listener_(io,
                {options.listen_peer,
                 DiallerRole::peer,
                 options.cluster,
                 options.id,
                 limits::peer_connections,
                 limits::peer_frame_bytes,
                 options.stall_timeout},
                metrics) {
    for (const auto& [id, address] : options.peers) {
        const Hello hello{DiallerRole::peer, options.cluster, options.id, id};
        links_.try_emplace(id, io, address, encode(hello), metrics);
    }
}

void PeerNetwork::start() {
    listener_.start([this](const std::shared_ptr<Connection>& connection,
                           const Hello& hello,
                           GuestId guest) { return accepted(connection, hello.from, guest); });
    for (auto& [id, link] : links_) {
        link.start();
    }
}

bool PeerNetwork::accepted(const std::shared_ptr<Connection>& connection,
                           NodeId from,
                           GuestId guest) {
    if (!links_.contains(from)) {
        return false;
    }
    listener_.set_busy(guest);
    // A peer has one connection to us; when it dials again it has given the earlier one up, even if
    // its end never reached us.
    if (const auto earlier = std::exchange(senders_[from], connection).lock()) {
        metrics_.peers_replaced.add(earlier->closed() ? 0 : 1);
        earlier->close();
    }
    connection->on_frame([this, from](std::string_view payload) { return receive(from, payload); });
    return true;
}

bool PeerNetwork::receive(NodeId from, std::string_view payload) {
    std::optional<Message> message = decode(payload);
    if (!message) {
        metrics_.frames_malformed.add();
        return false;
    }
    metrics_.messages_received.add();
    if (!inbox_.push_peer({from, self_, std::move(*message)}, payload.size())) {
        metrics_.messages_dropped.add();
    }
    return true;
}

void PeerNetwork::send(const std::vector<Outgoing::Message>& messages) {
    for (const Outgoing::Message& message : messages) {
        const auto link = links_.find(message.to);
        if (link != links_.end()) {
            link->second.queue(message.bytes);
        }
    }
    for (auto& [id, link] : links_) {
        link.flush();
    }
}

std::size_t PeerNetwork::unsent_bytes() const {
    std::size_t bytes = 0;
    for (const auto& [id, link] : links_) {
        bytes += link.unsent_bytes();
    }
    return bytes;
}

}  // namespace squall::raft::node
