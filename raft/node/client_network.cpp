#include "raft/node/client_network.hpp"

#include <optional>
#include <set>
#include <utility>

namespace squall::raft::node {

using server::ClientRequest;
using server::ClientResponse;
using server::MessageKind;

namespace {

[[nodiscard]] std::string encode_reply(std::uint64_t request_id, server::Reply reply) {
    ClientResponse response;
    response.kind = MessageKind::key_value;
    response.request_id = request_id;
    response.reply = std::move(reply);
    return encode(response);
}

[[nodiscard]] std::string encode_status(std::uint64_t request_id, std::string json) {
    ClientResponse response;
    response.kind = MessageKind::status;
    response.request_id = request_id;
    response.json = std::move(json);
    return encode(response);
}

}  // namespace

ClientNetwork::ClientNetwork(boost::asio::io_context& io,
                             const Options& options,
                             Inbox& inbox,
                             std::function<std::string()> status,
                             Metrics& metrics)
    : inbox_(inbox),
      status_(std::move(status)),
      metrics_(metrics),
      listener_(io,
                {options.listen_client,
                 DiallerRole::client,
                 options.cluster,
                 options.id,
                 options.max_clients,
                 max_frame_bytes},
                metrics) {}

void ClientNetwork::start() {
    listener_.start([this](const std::shared_ptr<Connection>& connection, const Hello&) {
        accepted(connection);
    });
}

void ClientNetwork::accepted(const std::shared_ptr<Connection>& connection) {
    const ClientId id = ++last_client_;
    clients_[id].connection = connection;
    connection->on_frame([this, id](std::string_view payload) { return receive(id, payload); });
    // Its open requests stay in open_ until the server has answered them: they are in the Raft.
    connection->on_close([this, id] { clients_.erase(id); });
    connection->on_sent([this, id] {
        const auto client = clients_.find(id);
        if (client != clients_.end()) {
            adjust_reading(client->second);
        }
    });
}

bool ClientNetwork::receive(ClientId id, std::string_view payload) {
    std::optional<ClientRequest> message = server::decode_request(payload);
    const auto found = clients_.find(id);
    if (!message || found == clients_.end()) {
        return false;
    }
    Client& client = found->second;
    if (message->kind == MessageKind::status) {
        client.connection->queue(encode_status(message->request_id, status_()));
        client.connection->flush();
        adjust_reading(client);
        return true;
    }
    const bool read = message->request.operation == server::Operation::get;
    const server::RequestToken token = ++last_token_;
    // Known before the Raft loop can answer it.
    open_[token] = {id, message->request_id};
    if (!inbox_.push_client({token, std::move(message->request)}, payload.size())) {
        open_.erase(token);
        refuse(client, message->request_id);
        return true;
    }
    (read ? metrics_.reads : metrics_.proposals).add();
    ++client.open;
    adjust_reading(client);
    return true;
}

void ClientNetwork::refuse(Client& client, std::uint64_t request_id) {
    metrics_.requests_overloaded.add();
    server::Reply reply;
    reply.status = server::ReplyStatus::overloaded;
    reply.applied = false;
    client.connection->queue(encode_reply(request_id, std::move(reply)));
    client.connection->flush();
    adjust_reading(client);
}

void ClientNetwork::deliver(std::vector<server::ClientReply> replies) {
    std::set<ClientId> touched;
    for (server::ClientReply& reply : replies) {
        const auto waiting = open_.find(reply.token);
        if (waiting == open_.end()) {
            continue;
        }
        const auto client = clients_.find(waiting->second.client);
        if (client != clients_.end()) {
            client->second.connection->queue(
                encode_reply(waiting->second.request_id, std::move(reply.reply)));
            --client->second.open;
            touched.insert(client->first);
        }
        open_.erase(waiting);
    }
    for (const ClientId id : touched) {
        Client& client = clients_.at(id);
        client.connection->flush();
        adjust_reading(client);
    }
}

void ClientNetwork::adjust_reading(Client& client) const {
    const bool pause = stopping_ || client.open >= max_open_requests ||
                       client.connection->unsent_bytes() >= max_unsent_bytes;
    if (pause) {
        client.connection->pause();
    } else if (client.paused) {
        client.connection->resume();
    }
    client.paused = pause;
}

void ClientNetwork::stop_reading() {
    listener_.stop();
    stopping_ = true;
    for (auto& [id, client] : clients_) {
        adjust_reading(client);
    }
}

std::size_t ClientNetwork::unsent_bytes() const {
    std::size_t bytes = 0;
    for (const auto& [id, client] : clients_) {
        bytes += client.connection->unsent_bytes();
    }
    return bytes;
}

}  // namespace squall::raft::node
