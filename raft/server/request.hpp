// What clients of the key-value store ask and get. docs/protocol.md has the bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "raft/limits.hpp"
#include "raft/types.hpp"

namespace squall::raft::server {

enum class Operation : std::uint8_t {
    get = 1,
    put = 2,
    cas = 3,
    erase = 4,
    append = 5,
    cas_or_create = 6,  ///< As cas, but sets an absent key, too.
    add = 7             ///< To the decimal integer that the key holds.
};

/// `session` and `sequence` make mutations exactly-once (dissertation §6.3): a client uses a
/// session of its own, numbers its mutations 1, 2, 3... and re-sends one under the same number.
/// Session 0: none, at-least-once.
struct Request {
    std::uint64_t session = 0;
    std::uint64_t sequence = 0;
    Operation operation = Operation::get;
    std::string key;
    std::string value;  ///< put, cas, cas_or_create: new value; append: suffix; add: decimal.
    /// cas: expected value; nothing = the key must be absent. cas_or_create: never nothing.
    std::optional<std::string> expected;
    friend bool operator==(const Request&, const Request&) = default;
};

enum class ReplyStatus : std::uint8_t {
    ok = 0,
    not_leader = 1,  ///< Nothing was appended. `leader` names the leader if known.
    unknown = 2,     ///< May or may not take effect: leadership was lost after the append.
    overloaded = 3,  ///< Nothing was appended; try again later.
    session_expired =
        4,  ///< Nothing was applied by this request: the session is not (or no longer) known.
    malformed = 5  ///< The request made no sense; nothing was appended.
};

struct Reply {
    ReplyStatus status = ReplyStatus::ok;
    NodeId leader = no_node;
    bool applied = true;  ///< Whether it changed anything: a cas that did not match did not.
    std::optional<std::string>
        value;       ///< get: the value or nothing; failed cas: the current value or nothing.
    LogId position;  ///< Mutations: the entry. Reads: {term, index that the read reflects}.
    std::string message;
    friend bool operator==(const Reply&, const Reply&) = default;
};

/// What is answered when there is no room for the reply's value: a read was not served, of a
/// mutation no more is told than that it may have happened.
[[nodiscard]] Reply without_value(const Reply& reply);

inline constexpr std::size_t max_key_bytes = limits::key_bytes;
inline constexpr std::size_t max_value_bytes = limits::value_bytes;

}  // namespace squall::raft::server
