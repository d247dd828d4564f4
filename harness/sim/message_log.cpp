#include "harness/sim/message_log.hpp"

#include <iterator>
#include <utility>
#include <variant>

#include "harness/overloaded.hpp"

namespace squall::harness::sim {
namespace {

void describe(const raft::Message& said, NodeMessage& message) {
    message.name = raft::name_of(said);
    message.term = raft::term_of(said);
    std::visit(
        Overloaded{[&](const raft::VoteRequest& vote) {
                       message.index = vote.last.index;
                       message.pre_vote = vote.pre_vote;
                   },
                   [&](const raft::VoteReply& vote) {
                       message.term = vote.request_term;
                       message.agreed = vote.granted;
                       message.pre_vote = vote.pre_vote;
                   },
                   [&](const raft::AppendRequest& append) {
                       message.index = append.previous.index;
                       message.entries = append.entries.size();
                   },
                   [&](const raft::AppendReply& append) {
                       message.index = append.success ? append.match : append.previous;
                       message.agreed = append.success;
                   },
                   [&](const raft::Heartbeat& heartbeat) { message.index = heartbeat.commit; },
                   [](const raft::HeartbeatReply&) {},
                   [&](const raft::SnapshotChunk& chunk) { message.index = chunk.last.index; },
                   [&](const raft::SnapshotReply& reply) {
                       message.index = reply.last.index;
                       message.agreed = reply.installed;
                   }},
        said);
}

const char* word_of(NodeReply::Status status) {
    switch (status) {
        case NodeReply::Status::ok:
            return "";
        case NodeReply::Status::not_leader:
            return "not-leader";
        case NodeReply::Status::unknown:
            return "unknown";
        case NodeReply::Status::overloaded:
            return "overloaded";
        case NodeReply::Status::session_expired:
            return "session-expired";
        case NodeReply::Status::malformed:
            return "malformed";
        case NodeReply::Status::refused:
            break;
    }
    return "refused";
}

}  // namespace

MessageLog::Id MessageLog::add(history::Time now, NodeMessage&& message) {
    if (messages_.size() >= messages_max) {
        messages_.pop_front();
        ++first_;
    }
    message.sent = now;
    message.received = now;
    messages_.push_back(std::move(message));
    return first_ + messages_.size() - 1;
}

MessageLog::Id MessageLog::sent(history::Time now,
                                const raft::Envelope& envelope,
                                Fate fate,
                                bool copy) {
    if (!keep_) {
        return 0;
    }
    NodeMessage message;
    message.fate = fate;
    message.from = envelope.from;
    message.to = envelope.to;
    message.copy = copy;
    describe(envelope.message, message);
    return add(now, std::move(message));
}

MessageLog::Id MessageLog::asked(history::Time now,
                                 history::ClientId client,
                                 history::NodeId node) {
    if (!keep_) {
        return 0;
    }
    NodeMessage message;
    message.to = node;
    message.client = client;
    message.name = "request";
    return add(now, std::move(message));
}

MessageLog::Id MessageLog::answered(history::Time now,
                                    history::ClientId client,
                                    history::NodeId node,
                                    const NodeReply& reply) {
    if (!keep_) {
        return 0;
    }
    NodeMessage message;
    message.from = node;
    message.client = client;
    message.name = "reply";
    message.term = reply.position.term;
    message.index = reply.position.index;
    message.agreed = reply.status == NodeReply::Status::ok;
    message.word = reply.error.empty() ? word_of(reply.status) : reply.error;
    return add(now, std::move(message));
}

void MessageLog::ended(history::Time now, Id id, Fate fate) {
    if (id < first_) {
        return;  // Not kept, or forgotten since.
    }
    NodeMessage& message = messages_[id - first_];
    message.received = now;
    message.fate = fate;
}

std::vector<NodeMessage> MessageLog::take() {
    return {std::make_move_iterator(messages_.begin()), std::make_move_iterator(messages_.end())};
}

}  // namespace squall::harness::sim
