// The Raft's vocabulary, in the dissertation's words. Plain values only.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace squall::raft {

/// A server's identity, from 1. 0 is "none".
using NodeId = std::uint32_t;
using Term = std::uint64_t;
/// Position in the log, from 1. 0 is "before the first entry".
using Index = std::uint64_t;

/// The node's own monotonic clock. Only differences mean anything.
using Time = std::chrono::nanoseconds;
using Duration = std::chrono::nanoseconds;

inline constexpr NodeId no_node = 0;

/// Identifies an entry. Ordered by term, then index: exactly "at least as up-to-date" of §5.4.1.
struct LogId {
    Term term = 0;
    Index index = 0;
    friend auto operator<=>(const LogId&, const LogId&) = default;
};

/// What must survive a restart beside the log (figure 2, "persistent state").
struct HardState {
    Term term = 0;
    NodeId voted_for = no_node;
    friend bool operator==(const HardState&, const HardState&) = default;
};

enum class EntryKind : std::uint8_t {
    noop = 0,    ///< Appended by a new leader so that it can commit (§5.4.2, §8).
    command = 1  ///< For the state machine.
};

struct Entry {
    Term term = 0;
    Index index = 0;
    EntryKind kind = EntryKind::command;
    std::string data;

    [[nodiscard]] LogId id() const { return {term, index}; }

    friend bool operator==(const Entry&, const Entry&) = default;
};

/// A snapshot replaces the log up to and including `last`. `data` is opaque to the core.
struct Snapshot {
    LogId last;
    std::vector<NodeId> voters;  ///< The configuration in force at `last`.
    std::shared_ptr<const std::string> data;
};

enum class Role : std::uint8_t { follower, pre_candidate, candidate, leader };

[[nodiscard]] const char* to_string(Role role);

}  // namespace squall::raft
