// What servers say to each other. Every message carries the sender's term; the transport may lose,
// duplicate, delay and reorder them freely.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "raft/limits.hpp"
#include "raft/types.hpp"

namespace squall::raft {

/// RequestVote (§5.2) and its trial run (dissertation §9.6, pre-vote).
struct VoteRequest {
    Term term = 0;  ///< Pre-vote: the term that the sender *would* use.
    LogId last;     ///< The candidate's last entry.
    bool pre_vote = false;
    friend bool operator==(const VoteRequest&, const VoteRequest&) = default;
};

struct VoteReply {
    Term term = 0;          ///< The voter's current term.
    Term request_term = 0;  ///< Echo: which request this answers.
    bool pre_vote = false;
    bool granted = false;
    friend bool operator==(const VoteReply&, const VoteReply&) = default;
};

/// AppendEntries (§5.3). Empty `entries` is a probe.
struct AppendRequest {
    Term term = 0;
    LogId previous;
    std::vector<Entry> entries;
    Index commit = 0;
    friend bool operator==(const AppendRequest&, const AppendRequest&) = default;
};

/// Sent once what it promises is durable.
struct AppendReply {
    Term term = 0;
    bool success = false;
    Index previous = 0;  ///< Echo of the request's previous.index.
    /// success: previous.index + number of entries, or the commit index if that is more; durable
    /// here.
    Index match = 0;
    LogId conflict;  ///< failure: term and first index to retry from (§5.3, fast backtracking).
    friend bool operator==(const AppendReply&, const AppendReply&) = default;
};

/// Keeps authority, advances commit, confirms ReadIndex rounds (§8; dissertation §6.4). `commit`
/// never exceeds what the receiver is known to match.
struct Heartbeat {
    Term term = 0;
    Index commit = 0;
    std::uint64_t round = 0;
    friend bool operator==(const Heartbeat&, const Heartbeat&) = default;
};

struct HeartbeatReply {
    Term term = 0;
    /// Echo: the sender accepted this leader in this term, after it began the round.
    std::uint64_t round = 0;
    friend bool operator==(const HeartbeatReply&, const HeartbeatReply&) = default;
};

/// InstallSnapshot in chunks (§7).
struct SnapshotChunk {
    Term term = 0;
    LogId last;  ///< Identifies the snapshot, with the sender.
    std::vector<NodeId> voters;
    std::uint64_t offset = 0;
    std::uint64_t total = 0;
    std::string data;
    friend bool operator==(const SnapshotChunk&, const SnapshotChunk&) = default;
};

struct SnapshotReply {
    Term term = 0;
    LogId last;
    std::uint64_t offset = 0;  ///< Next byte wanted.
    bool installed = false;    ///< The snapshot (or something newer) is durable here.
    Index match = 0;           ///< installed: what the sender may take as matched.
    friend bool operator==(const SnapshotReply&, const SnapshotReply&) = default;
};

using Message = std::variant<VoteRequest,
                             VoteReply,
                             AppendRequest,
                             AppendReply,
                             Heartbeat,
                             HeartbeatReply,
                             SnapshotChunk,
                             SnapshotReply>;

[[nodiscard]] Term term_of(const Message& message);
[[nodiscard]] const char* name_of(const Message& message);

struct Envelope {
    NodeId from = no_node;
    NodeId to = no_node;
    Message message;
};

inline constexpr std::size_t max_message_bytes = limits::peer_frame_bytes;

/// Binary form, little-endian; docs/protocol.md is the reference.
[[nodiscard]] std::string encode(const Message& message);

/// Nothing when the bytes are not exactly one well-formed message. Never throws, never over-reads,
/// allocates no more than a small multiple of the input.
[[nodiscard]] std::optional<Message> decode(std::string_view bytes);

}  // namespace squall::raft
