// What the Raft loop hands to the network thread: encoded messages for peers, replies for clients.
//
// Bounded: beyond the limit messages are dropped, which Raft tolerates. Replies never are; there
// can be no more of them than requests were accepted, and the loop asks how much room there is for
// their values before it makes them.
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "raft/node/metrics.hpp"
#include "raft/server/server.hpp"

namespace squall::raft::node {

struct Outgoing {
    struct Message {
        NodeId to = no_node;
        std::string bytes;
    };

    std::vector<Message> messages;
    std::vector<server::ClientReply> replies;
};

class Outbox {
  public:
    static constexpr std::size_t max_bytes = limits::outbox_bytes;

    /// `wake` makes the network thread call `take` soon; called from the thread that pushes.
    Outbox(std::function<void()> wake, Metrics& metrics)
        : wake_(std::move(wake)), metrics_(metrics) {}

    void push(const std::vector<Envelope>& messages, std::vector<server::ClientReply> replies);

    [[nodiscard]] Outgoing take();

    /// Of messages.
    [[nodiscard]] std::size_t waiting_bytes() const;

    /// Of values in replies.
    [[nodiscard]] std::size_t reply_bytes() const;

  private:
    std::function<void()> wake_;
    Metrics& metrics_;
    mutable std::mutex mutex_;
    Outgoing waiting_;
    std::size_t bytes_ = 0;
    std::size_t reply_bytes_ = 0;
    bool woken_ = false;
};

}  // namespace squall::raft::node
