// Counters of one node, written by its threads and read by the status request. They order nothing.
// docs/protocol.md lists them for users.
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
    // Frames that ended their connection.
    Counter frames_too_long;
    Counter frames_bad_checksum;
    Counter frames_malformed;  ///< Whole, but no message.
    Counter hellos_refused;    ///< No hello, or none for this node.
    Counter frames_truncated;  ///< The connection ended in the middle of one.

    // Connections.
    Counter connections;          ///< Accepted, on both ports.
    Counter connections_refused;  ///< All places were taken and nobody was idle.
    Counter connections_evicted;  ///< Idle longest when all places were taken.
    Counter stalled_senders;      ///< No hello, or no end of a frame, in time.
    Counter stalled_readers;      ///< Did not take what was sent.
    Counter hoarders_closed;      ///< Held more than their share of begun requests.
    Counter peers_replaced;       ///< Earlier connections of peers that dialled again.
    Counter dials;                ///< Connections to peers that came about.

    // Lines (--stdio).
    Counter lines_ignored;    ///< No message, not for this node, or before the init.
    Counter lines_too_long;   ///< Skipped.
    Counter answers_dropped;  ///< For lack of room.

    Counter messages_sent;
    Counter messages_received;
    Counter messages_dropped;  ///< For lack of a connection or of room, either way.

    Counter proposals;
    Counter reads;
    Counter requests_overloaded;  ///< Answered `overloaded`, for whatever reason.
    Counter requests_malformed;   ///< Answered `malformed`.
    Counter values_withheld;      ///< Replies without their value, for lack of room.

    Counter persists;
    Counter log_writes;  ///< Batches made durable together: one fsync each, more with snapshots.
    Counter snapshots_taken;
    Counter snapshots_installed;
};

}  // namespace squall::raft::node
