// Every fixed limit of a node against peers and clients that are broken, overloaded or hostile, in
// one place; docs/protocol.md tells what happens beyond each. What an operator may want to change
// is a flag of raft-node instead. No limit here depends on what the other side says.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace squall::raft::limits {

[[nodiscard]] constexpr std::size_t kib(std::size_t count) {
    return count << 10U;
}

[[nodiscard]] constexpr std::size_t mib(std::size_t count) {
    return count << 20U;
}

// Frames, by who sends them. Nobody may send more than a hello before it is known who it is.
inline constexpr std::size_t hello_frame_bytes = 64;
inline constexpr std::size_t client_frame_bytes = mib(2);
inline constexpr std::size_t peer_frame_bytes = mib(16);

// What a client may ask.
inline constexpr std::size_t key_bytes = 4096;
inline constexpr std::size_t value_bytes = mib(1);

// Connections. Beyond the limit the one that has been idle longest goes; none is idle: refused.
/// Accepted from peers, which need one each; the rest is room for what dies unnoticed.
inline constexpr std::size_t peer_connections = 128;
/// Left to log, snapshots, trace and dialling when the system limits open files.
inline constexpr std::size_t spare_descriptors = 64;
/// Buffers of a connection that are larger are given back when they are empty.
inline constexpr std::size_t kept_buffer_bytes = kib(64);
/// Whoever takes less within --stall-timeout-ms, although more waits for it, does not read.
inline constexpr std::size_t least_taken_bytes = kib(64);

// Clients: beyond either a connection is not read from...
inline constexpr std::size_t client_open_requests = 256;
inline constexpr std::size_t client_unsent_bytes = mib(4);
/// ...and beyond these, of one and of all clients, replies go without their value.
inline constexpr std::size_t client_reply_bytes = mib(8);
inline constexpr std::size_t reply_bytes = mib(32);
/// Values up to this size do not count: the number of open requests bounds them.
inline constexpr std::size_t small_value_bytes = 256;
/// Begun requests of all clients; beyond it, whoever holds more than its even share is cut off.
inline constexpr std::size_t partial_request_bytes = mib(32);

// Standard input and output (--stdio).
/// Longer lines are skipped. A Raft message of the largest size that --stdio allows fits, as
/// base64.
inline constexpr std::size_t stdio_line_bytes = mib(8);
inline constexpr std::size_t stdio_payload_bytes = mib(4);
/// Waits to be written; beyond it lines are dropped.
inline constexpr std::size_t stdio_unsent_bytes = mib(64);

// Queues.
inline constexpr std::size_t inbox_bytes = mib(16);   ///< Of peers and of clients, each.
inline constexpr std::size_t outbox_bytes = mib(32);  ///< Messages to peers.
inline constexpr std::size_t peer_unsent_bytes = mib(32);
inline constexpr std::size_t log_queue_bytes = mib(64);
inline constexpr std::size_t waiting_read_bytes = mib(16);  ///< Keys of reads not yet confirmed.
/// More messages than this wait for the disk only when it hangs; dropping them is legal.
inline constexpr std::size_t held_messages = 4096;

// The log in memory. Entries count, too, but they may be large.
/// A snapshot is taken after so many bytes of entries, or as many as the last one had.
inline constexpr std::size_t snapshot_after_bytes = mib(32);
/// Of entries kept behind a snapshot.
inline constexpr std::size_t compaction_margin_bytes = mib(16);

// What a message may say.
/// Terms and indices from here on never come from a correct server and would invite overflow.
inline constexpr std::uint64_t numbers_end = std::uint64_t{1} << 62U;
/// No server is so many elections behind another. One corrupt or forged term just below
/// numbers_end, if believed, would leave no term for any later election, for ever. So a message
/// that is further ahead is not believed, and moves a server's term on by this much at most: there
/// is room for 2^30 such accidents.
inline constexpr std::uint64_t term_jump = std::uint64_t{1} << 32U;
inline constexpr std::size_t snapshot_bytes = mib(1024);

// Sessions.
/// Longer values of failed mutations are not remembered: a re-sent one is answered
/// `session_expired`.
inline constexpr std::size_t recorded_value_bytes = 4096;
/// A session used within so many log entries is not forgotten to make room for a new one, which is
/// refused instead: several seconds of the highest throughput, longer than anybody re-sends.
inline constexpr std::uint64_t session_guard_entries = 131072;

}  // namespace squall::raft::limits
