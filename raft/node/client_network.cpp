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
                 limits::client_frame_bytes,
                 options.stall_timeout},
                metrics),
      fair_partial_bytes_(limits::partial_request_bytes / options.max_clients) {}

void ClientNetwork::start() {
    listener_.start(
        [this](const std::shared_ptr<Connection>& connection, const Hello&, GuestId guest) {
            accepted(connection, guest);
            return true;
        });
}

void ClientNetwork::accepted(const std::shared_ptr<Connection>& connection, ClientId id) {
    clients_[id].connection = connection;
    connection->on_frame([this, id](std::string_view payload) { return receive(id, payload); });
    // Its open requests stay in open_ until the server has answered them: they are in the Raft.
    connection->on_close([this, id] { closed(id); });
    connection->on_sent([this, id] {
        const auto client = clients_.find(id);
        if (client != clients_.end()) {
            settle(id, client->second);
        }
    });
    connection->on_read([this, id] { limit_partial(id); });
}

void ClientNetwork::closed(ClientId id) {
    const auto client = clients_.find(id);
    if (client != clients_.end()) {
        unsent_bytes_ -= client->second.unsent;
        partial_bytes_ -= client->second.partial;
        clients_.erase(client);
    }
}

void ClientNetwork::limit_partial(ClientId id) {
    const auto found = clients_.find(id);
    if (found == clients_.end()) {
        return;
    }
    Client& client = found->second;
    const std::size_t partial = client.connection->unread_bytes();
    partial_bytes_ += partial - std::exchange(client.partial, partial);
    if (partial_bytes_ > limits::partial_request_bytes && partial > fair_partial_bytes_) {
        metrics_.hoarders_closed.add();
        client.connection->close();
    }
}

bool ClientNetwork::receive(ClientId id, std::string_view payload) {
    std::optional<ClientRequest> message = server::decode_request(payload);
    const auto found = clients_.find(id);
    if (!message || found == clients_.end()) {
        metrics_.frames_malformed.add();
        return false;
    }
    Client& client = found->second;
    if (message->kind == MessageKind::status) {
        client.connection->queue(encode_status(message->request_id, status_()));
        settle(id, client);
        return true;
    }
    const bool read = message->request.operation == server::Operation::get;
    const server::RequestToken token = ++last_token_;
    // Known before the Raft loop can answer it.
    open_[token] = {id, message->request_id};
    if (!inbox_.push_client({token, std::move(message->request)}, payload.size())) {
        open_.erase(token);
        refuse(id, client, message->request_id);
        return true;
    }
    (read ? metrics_.reads : metrics_.proposals).add();
    ++client.open;
    settle(id, client);
    return true;
}

void ClientNetwork::refuse(ClientId id, Client& client, std::uint64_t request_id) {
    server::Reply refusal;
    refusal.status = server::ReplyStatus::overloaded;
    refusal.applied = false;
    reply(client, request_id, std::move(refusal));
    settle(id, client);
}

void ClientNetwork::reply(Client& client, std::uint64_t request_id, server::Reply reply) {
    const std::size_t bytes = reply.value ? reply.value->size() : 0;
    if (bytes > limits::small_value_bytes &&
        client.connection->unsent_bytes() + bytes > limits::client_reply_bytes) {
        metrics_.values_withheld.add();
        reply = without_value(reply);
    }
    if (reply.status == server::ReplyStatus::overloaded) {
        metrics_.requests_overloaded.add();
    } else if (reply.status == server::ReplyStatus::malformed) {
        metrics_.requests_malformed.add();
    }
    client.connection->queue(encode_reply(request_id, std::move(reply)));
}

/// After anything that may have changed what is open or unsent.
void ClientNetwork::settle(ClientId id, Client& client) {
    client.connection->flush();
    const std::size_t unsent = client.connection->unsent_bytes();
    unsent_bytes_ += unsent - std::exchange(client.unsent, unsent);
    if (client.open == 0 && unsent == 0) {
        listener_.set_idle(id);
    } else {
        listener_.set_busy(id);
    }
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
            this->reply(client->second, waiting->second.request_id, std::move(reply.reply));
            --client->second.open;
            touched.insert(client->first);
        }
        open_.erase(waiting);
    }
    for (const ClientId id : touched) {
        settle(id, clients_.at(id));
    }
}

void ClientNetwork::adjust_reading(Client& client) const {
    const bool pause = stopping_ || client.open >= limits::client_open_requests ||
                       client.connection->unsent_bytes() >= limits::client_unsent_bytes;
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

}  // namespace squall::raft::node
