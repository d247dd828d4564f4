// What a node tells about its inner life. Order matters more than time: an event is emitted after
// the state it speaks of is as durable as it claims, and before anything that others can see
// because of it. docs/trace-format.md is the reference for the file form.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "raft/types.hpp"

namespace squall::raft {

/// First event of an incarnation: what recovery found.
struct InitTrace {
    HardState hard_state;
    LogId snapshot;          ///< {0, 0}: none.
    LogId last;              ///< Last entry of the recovered log (or the snapshot's).
    std::uint64_t hash = 0;  ///< Applied hash at snapshot.index.
};

/// The hard state is durable. A vote is a hard state with voted_for set.
struct HardStateTrace {
    HardState hard_state;
};

struct RoleTrace {
    Role role = Role::follower;
    Term term = 0;
    NodeId leader = no_node;
};

/// Entries [first, first + terms.size()) entered the in-memory log, replacing everything from
/// `first` on.
struct AppendTrace {
    Index first = 0;
    std::vector<Term> terms;
};

/// The log up to `last` is durable here.
struct DurableTrace {
    LogId last;
};

/// `match`: on the leader, who is known to hold how much durably. Empty on followers.
struct CommitTrace {
    Index index = 0;
    Term term = 0;  ///< Current term of the node.
    std::map<NodeId, Index> match;
};

/// The request of a client's session that an entry carried out; session 0: none.
struct SessionEffect {
    std::uint64_t session = 0;
    std::uint64_t sequence = 0;
    friend bool operator==(const SessionEffect&, const SessionEffect&) = default;
};

/// Entries [first, first + terms.size()) were applied; hashes[i] is the running hash after first +
/// i, and effects[i] what that one took effect as: nothing for one that was applied before.
struct ApplyTrace {
    Index first = 0;
    std::vector<Term> terms;
    std::vector<std::uint64_t> hashes;
    std::vector<SessionEffect> effects{};
};

struct SnapshotTrace {
    bool installed = false;  ///< Received from a leader, not taken here.
    LogId last;
    std::uint64_t hash = 0;
};

/// Something that the configuration bounds has reached a new height.
struct BoundTrace {
    const char* what = "";
    std::uint64_t value = 0;
    std::uint64_t limit = 0;
};

using TraceEvent = std::variant<InitTrace,
                                HardStateTrace,
                                RoleTrace,
                                AppendTrace,
                                DurableTrace,
                                CommitTrace,
                                ApplyTrace,
                                SnapshotTrace,
                                BoundTrace>;

}  // namespace squall::raft
