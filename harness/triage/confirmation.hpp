// How far a leader had asked the others before it answered a read, read off the messages between
// them (dissertation §6.4: a majority has to answer, after the read came, that it still follows).
// Pure. Only the simulator saw the messages; without them nothing is known.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "harness/node_message.hpp"
#include "history/operation.hpp"

namespace squall::harness::triage {

using history::NodeId;

/// How a node came to answer.
struct Confirmation {
    history::Time came_at{};      ///< When it had the read.
    history::Time answered_at{};  ///< When its answer left.
    bool asked_others = false;    ///< It sent something to another node in between.
    std::uint32_t told_by = 0;    ///< Other nodes that followed it in between, by their replies.
};

/// Of a read that ended *ok*. `messages`: in the order of `sent`. Nothing: they do not show it.
[[nodiscard]] std::optional<Confirmation> confirmation_of(const history::Operation& read,
                                                          std::span<const NodeMessage> messages);

}  // namespace squall::harness::triage
