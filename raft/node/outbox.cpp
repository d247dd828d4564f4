#include "raft/node/outbox.hpp"

#include <iterator>
#include <utility>

#include "raft/message.hpp"

namespace squall::raft::node {

void Outbox::push(const std::vector<Envelope>& messages, std::vector<server::ClientReply> replies) {
    if (messages.empty() && replies.empty()) {
        return;
    }
    std::vector<Outgoing::Message> encoded;
    encoded.reserve(messages.size());
    for (const Envelope& envelope : messages) {
        encoded.push_back({envelope.to, encode(envelope.message)});
    }
    std::size_t values = 0;
    for (const server::ClientReply& reply : replies) {
        values += reply.reply.value ? reply.reply.value->size() : 0;
    }
    bool wake = false;
    {
        const std::scoped_lock lock(mutex_);
        for (Outgoing::Message& message : encoded) {
            if (bytes_ + message.bytes.size() > max_bytes) {
                metrics_.messages_dropped.add();
                continue;
            }
            bytes_ += message.bytes.size();
            waiting_.messages.push_back(std::move(message));
        }
        reply_bytes_ += values;
        waiting_.replies.insert(waiting_.replies.end(),
                                std::make_move_iterator(replies.begin()),
                                std::make_move_iterator(replies.end()));
        wake = !std::exchange(woken_, true);
    }
    if (wake) {
        wake_();
    }
}

Outgoing Outbox::take() {
    const std::scoped_lock lock(mutex_);
    woken_ = false;
    bytes_ = 0;
    reply_bytes_ = 0;
    return std::exchange(waiting_, {});
}

std::size_t Outbox::reply_bytes() const {
    const std::scoped_lock lock(mutex_);
    return reply_bytes_;
}

std::size_t Outbox::waiting_bytes() const {
    const std::scoped_lock lock(mutex_);
    return bytes_;
}

}  // namespace squall::raft::node
