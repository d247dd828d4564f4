// What nodes and clients said to each other, one value per message, where somebody saw it all: the
// simulator. Reports and triage read it; nothing is judged by it. docs/trace-format.md has the file
// form.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "history/event.hpp"

namespace squall::harness {

enum class Fate : std::uint8_t {
    arrived,
    cut,        ///< By a cut link, when it was sent or while it was under way.
    dropped,    ///< By a fault on the link.
    nobody,     ///< It came to a node that was down.
    under_way,  ///< When the run ended.
};

[[nodiscard]] const char* to_string(Fate fate);

struct NodeMessage {
    history::Time sent{};
    history::Time received{};  ///< Also where it came to nobody; otherwise as `sent`.
    Fate fate = Fate::under_way;
    history::NodeId from = 0;       ///< 0: the client.
    history::NodeId to = 0;         ///< 0: the client.
    history::ClientId client = -1;  ///< Of requests and replies; -1: a message between nodes.
    /// vote_request, vote_reply, append_request, append_reply, heartbeat, heartbeat_reply,
    /// snapshot_chunk, snapshot_reply; request and reply of clients.
    std::string name;
    std::uint64_t term = 0;
    /// vote_request: the sender's last entry; append_request: the one before the first sent;
    /// append_reply, snapshot_reply: what is held; heartbeat: the commit index; snapshot_chunk: the
    /// snapshot's last; reply: the position answered.
    std::uint64_t index = 0;
    std::uint64_t entries = 0;  ///< append_request: how many.
    bool agreed = false;        ///< vote_reply: granted; append_reply: success; reply: ok.
    bool pre_vote = false;
    bool copy = false;  ///< The second of two that a fault made of one.
    std::string word;   ///< reply: the node's word for what is not ok.

    friend bool operator==(const NodeMessage&, const NodeMessage&) = default;
};

/// One line, with its newline.
[[nodiscard]] std::string to_line(const NodeMessage& message);

struct LoadedMessages {
    std::vector<NodeMessage> messages;
    std::optional<std::string> error;  ///< `file:line: problem`; there are no messages then.
};

/// Of a run that is kept; the latest, so that what led to its end is there.
inline constexpr std::size_t messages_max = 200'000;

/// `name` is only for messages. Lines beyond `messages_max` are not read.
[[nodiscard]] LoadedMessages load_messages(std::istream& in, const std::string& name);

}  // namespace squall::harness
