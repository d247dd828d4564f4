// Counters of one node, written by its threads and read by the status request. They order nothing.
#pragma once

#include <atomic>
#include <cstdint>

namespace squall::raft::node {

/// Never used to decide anything, so no ordering is asked for.
class Counter {
  public:
    void add(std::uint64_t amount = 1) { value_.fetch_add(amount, std::memory_order_relaxed); }

    [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

  private:
    std::atomic<std::uint64_t> value_ = 0;
};

struct Metrics {
    Counter frames_rejected;      ///< Too long, wrong checksum, no message, no hello for this node.
    Counter connections;          ///< Accepted, on both ports.
    Counter connections_refused;  ///< Over the limit, or no hello in time.
    Counter dials;                ///< Connections to peers that came about.
    Counter messages_sent;
    Counter messages_received;
    Counter messages_dropped;  ///< For lack of a connection or of room, either way.
    Counter proposals;
    Counter reads;
    Counter requests_overloaded;  ///< Refused by a full queue before the Raft saw them.
    Counter persists;
    Counter log_writes;  ///< Batches made durable together: one fsync each, more with snapshots.
    Counter snapshots_taken;
    Counter snapshots_installed;
};

}  // namespace squall::raft::node
