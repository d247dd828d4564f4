// A global state in numbers: the image of every node, what is on the way between them, what must
// not be contradicted, and which budgets are left. As bytes it is a few dozen of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/explore/locals.hpp"

namespace squall::harness::explore {

struct State {
    std::vector<ImageId> nodes;  ///< From n1 on.
    std::uint32_t history = 0;
    std::uint32_t budgets = 0;
    std::vector<MessageId> messages;  ///< On the way; a sorted multiset.

    friend bool operator==(const State&, const State&) = default;
};

/// `out` is overwritten.
void pack(const State& state, std::string& out);

/// Of `nodes` nodes; `state`'s memory is used again.
void unpack(std::string_view packed, std::size_t nodes, State& state);

enum class ActionKind : std::uint8_t {
    deliver,
    persist,
    election_timeout,
    step_down,
    heartbeat,
    propose,
    read,
    crash,
    duplicate,
    drop
};

/// One step of the cluster.
struct Action {
    ActionKind kind{};
    raft::NodeId node = raft::no_node;  ///< Whose step it is.
    /// deliver, duplicate, drop: which message. crash: parts of writes done. propose: the command.
    std::uint32_t argument = 0;
};

}  // namespace squall::harness::explore
