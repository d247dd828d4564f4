#include "harness/process/courier.hpp"

#include <limits>

namespace squall::harness::process {

Courier::Courier(boost::asio::io_context& io,
                 const systems::SocketSystem& system,
                 std::map<NodeId, Endpoint> nodes,
                 OnAnswer on_answer)
    : io_(io), system_(system), nodes_(std::move(nodes)), on_answer_(std::move(on_answer)) {}

Courier::~Courier() {
    for (const auto& [key, connection] : connections_) {
        connection->close();
    }
}

void Courier::invoke(const Invocation& invocation) {
    const auto nodes = static_cast<std::uint32_t>(nodes_.size());
    const auto entry = open_.emplace(invocation.op, Open{Attempts(invocation, nodes), 0, 0}).first;
    by_client_[invocation.client] = invocation.op;
    take(invocation.op, entry->second.attempts.start());
}

void Courier::abandon(OpId op) {
    const auto found = open_.find(op);
    if (found == open_.end()) {
        return;
    }
    const ClientId client = found->second.attempts.invocation().client;
    by_request_.erase(found->second.request);
    by_client_.erase(client);
    open_.erase(found);
    disconnect(client);
}

void Courier::take(OpId op, const Attempts::Step& step) {
    if (const auto* next = std::get_if<Attempts::Send>(&step)) {
        send(op, next->node);
        return;
    }
    const Answer answer = std::get<Answer>(step);
    const ClientId client = open_.at(op).attempts.invocation().client;
    open_.erase(op);
    by_client_.erase(client);
    if (answer.outcome == history::Outcome::info) {
        disconnect(client);
    }
    on_answer_(op, answer);
}

void Courier::send(OpId op, NodeId node) {
    Open& open = open_.at(op);
    open.node = node;
    open.request = next_request_++;
    by_request_[open.request] = op;
    const Invocation& invocation = open.attempts.invocation();
    connection({invocation.client, node}).send(system_.request(open.request, invocation));
}

ClientConnection& Courier::connection(Key key) {
    auto& connection = connections_[key];
    if (!connection) {
        connection = open_connection(
            io_,
            system_,
            key.second,
            nodes_.at(key.second),
            {.received = [this](const systems::FromNode& message) { on_received(message); },
             .closed = [this, key](bool refused) { on_closed(key, refused); }});
    }
    return *connection;
}

void Courier::on_received(const systems::FromNode& message) {
    const auto* reply = std::get_if<systems::ClientReply>(&message);
    const auto found = reply == nullptr ? by_request_.end() : by_request_.find(reply->request);
    if (found == by_request_.end()) {
        return;
    }
    const OpId op = found->second;
    by_request_.erase(found);
    take(op, open_.at(op).attempts.on_reply(reply->reply));
}

void Courier::on_closed(Key key, bool refused) {
    connections_.erase(key);
    const auto client = by_client_.find(key.first);
    if (client == by_client_.end()) {
        return;
    }
    const OpId op = client->second;
    Open& open = open_.at(op);
    if (open.node != key.second || by_request_.erase(open.request) == 0) {
        return;  // Its operation waits for somebody else.
    }
    take(op, refused ? open.attempts.on_refused() : open.attempts.on_lost());
}

void Courier::disconnect(ClientId client) {
    const auto first = connections_.lower_bound({client, 0});
    const auto last = connections_.upper_bound({client, std::numeric_limits<NodeId>::max()});
    for (auto at = first; at != last; ++at) {
        at->second->close();
    }
    connections_.erase(first, last);
}

}  // namespace squall::harness::process
