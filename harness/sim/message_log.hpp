// Remembers every message of a run for its report: what was said, when it left, and what became of
// it. It decides nothing and changes nothing: with or without it a run is the same.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "harness/attempts.hpp"
#include "harness/node_message.hpp"
#include "raft/message.hpp"

namespace squall::harness::sim {

class MessageLog {
  public:
    explicit MessageLog(bool keep) : keep_(keep) {}

    /// Number of a message in the log; 0: it is not in it.
    using Id = std::uint64_t;

    Id sent(history::Time now, const raft::Envelope& envelope, Fate fate, bool copy = false);
    Id asked(history::Time now, history::ClientId client, history::NodeId node);
    Id answered(history::Time now,
                history::ClientId client,
                history::NodeId node,
                const NodeReply& reply);

    void ended(history::Time now, Id id, Fate fate);

    [[nodiscard]] std::vector<NodeMessage> take();

  private:
    Id add(history::Time now, NodeMessage&& message);

    bool keep_;
    std::deque<NodeMessage> messages_;
    Id first_ = 1;  ///< The number of messages_.front().
};

}  // namespace squall::harness::sim
