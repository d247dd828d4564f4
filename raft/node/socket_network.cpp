#include "raft/node/socket_network.hpp"

#include <utility>

#include <fmt/format.h>

#include "raft/node/event_log.hpp"

namespace squall::raft::node {

SocketNetwork::SocketNetwork(const Parts& parts)
    : max_clients_(parts.options.max_clients),
      peers_(parts.io, parts.options, parts.inbox, parts.metrics),
      clients_(parts.io, parts.options, parts.inbox, parts.status, parts.metrics) {}

void SocketNetwork::start() {
    log_raw(fmt::format("listening peer={} client={}\n",
                        to_string(peers_.address()),
                        to_string(clients_.address())));
    peers_.start();
    clients_.start();
}

void SocketNetwork::carry(Outgoing outgoing) {
    peers_.send(outgoing.messages);
    clients_.deliver(std::move(outgoing.replies));
}

void SocketNetwork::stop_taking() {
    peers_.stop_accepting();
    clients_.stop_reading();
}

std::map<std::string, std::uint64_t> SocketNetwork::gauges() const {
    return {{"clients", clients_.clients()},
            {"clients_max", max_clients_},
            {"client_partial_bytes", clients_.partial_bytes()},
            {"open_requests", clients_.open_requests()},
            {"client_unsent_bytes", clients_.unsent_bytes()},
            {"peer_unsent_bytes", peers_.unsent_bytes()}};
}

}  // namespace squall::raft::node
