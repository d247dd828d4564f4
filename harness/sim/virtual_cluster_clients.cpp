// The simulated cluster: clients' connections, each operation with its attempts.
#include <utility>

#include "harness/sim/between.hpp"
#include "harness/sim/client_requests.hpp"
#include "harness/sim/virtual_cluster.hpp"

namespace squall::harness::sim {

using raft::server::RequestToken;
using std::chrono::microseconds;

namespace {

constexpr Duration client_latency_min = microseconds(100);
constexpr Duration client_latency_max = microseconds(1000);

/// A token names an operation and one of its attempts.
constexpr unsigned attempt_bits = 16;

constexpr RequestToken token_of(OpId op, std::uint64_t attempt) {
    return (op << attempt_bits) | (attempt & ((std::uint64_t{1} << attempt_bits) - 1));
}

constexpr OpId op_of(RequestToken token) {
    return token >> attempt_bits;
}

}  // namespace

void VirtualCluster::invoke(const Invocation& invocation) {
    const auto [place, fresh] = open_.try_emplace(
        invocation.op,
        OpenOperation{Attempts(invocation, static_cast<std::uint32_t>(members_.size()))});
    carry_out(invocation.op, place->second, place->second.attempts.start());
}

void VirtualCluster::abandon(OpId op) {
    open_.erase(op);
}

void VirtualCluster::carry_out(OpId op, OpenOperation& open, Attempts::Step step) {
    if (auto* answer = std::get_if<Answer>(&step)) {
        inputs_.emplace_back(Replied{op, std::move(*answer)});
        open_.erase(op);
        return;
    }
    const NodeId node = std::get<Attempts::Send>(step).node;
    const VirtualNode& target = member(node).node;
    const RequestToken token = token_of(op, ++open.attempt);
    events_.push(
        now_ + client_latency(token, false),
        RequestArrives{.node = node,
                       .incarnation = target.up() ? target.incarnation() : 0,
                       .token = token,
                       .request = to_server_request(open.attempts.invocation()),
                       .logged = messages_.asked(now_, open.attempts.invocation().client, node)});
}

void VirtualCluster::answer(RequestToken token, AttemptResult result, NodeId from) {
    MessageLog::Id logged = 0;
    const auto open = open_.find(op_of(token));
    if (const auto* reply = std::get_if<NodeReply>(&result); reply && open != open_.end()) {
        logged = messages_.answered(now_, open->second.attempts.invocation().client, from, *reply);
    }
    events_.push(now_ + client_latency(token, true),
                 ResultArrives{token, std::move(result), logged});
}

Duration VirtualCluster::client_latency(RequestToken token, bool reply) const {
    return between(
        client_stream_.bits(token, reply ? 1 : 0), client_latency_min, client_latency_max);
}

void VirtualCluster::on(RequestArrives&& event) {
    Member& target = member(event.node);
    const bool taken = target.node.up() && event.incarnation == target.node.incarnation();
    messages_.ended(now_, event.logged, taken ? Fate::arrived : Fate::nobody);
    if (event.incarnation == 0) {
        answer(event.token, Refused{});
        return;
    }
    if (!taken) {
        answer(event.token, Lost{});
        return;
    }
    if (target.node.offer(raft::server::ClientInput{event.token, std::move(event.request)})) {
        target.unanswered.insert(event.token);
    }
    run_node(target);
}

void VirtualCluster::on(ResultArrives&& event) {
    messages_.ended(now_, event.logged, Fate::arrived);
    const auto found = open_.find(op_of(event.token));
    if (found == open_.end() || event.token != token_of(found->first, found->second.attempt)) {
        return;  // The client has given up.
    }
    Attempts& attempts = found->second.attempts;
    if (const auto* reply = std::get_if<NodeReply>(&event.result)) {
        carry_out(found->first, found->second, attempts.on_reply(*reply));
    } else if (std::holds_alternative<Refused>(event.result)) {
        carry_out(found->first, found->second, attempts.on_refused());
    } else {
        carry_out(found->first, found->second, attempts.on_lost());
    }
}

}  // namespace squall::harness::sim
