// The lines of Maelstrom's protocol as raft-node reads and writes them (docs/protocol.md, "On
// standard input and output"). Text to values and back, nothing else. Keys and values may be any
// JSON; in the store they are their canonical text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "raft/server/request.hpp"
#include "raft/types.hpp"

namespace squall::raft::node::maelstrom {

/// Those that this node uses; Maelstrom's numbers.
enum class ErrorCode : std::uint8_t {
    not_supported = 10,
    temporarily_unavailable = 11,  ///< Definite: it did not happen and never will.
    malformed_request = 12,
    crash = 13,  ///< Indefinite.
    key_does_not_exist = 20,
    precondition_failed = 22
};

struct Init {
    std::string node_id;
    std::vector<std::string> node_ids;
};

/// An encoded Raft message.
struct Frame {
    std::string bytes;
};

struct Echo {
    std::string json;
};

struct LeaderQuestion {};

struct StatusQuestion {};

struct Wrong {
    ErrorCode code = ErrorCode::malformed_request;
    std::string text;
};

using Body =
    std::variant<Init, Frame, server::Request, Echo, LeaderQuestion, StatusQuestion, Wrong>;

/// Whom to answer.
struct Asker {
    std::string name;
    std::string msg_id;  ///< As JSON; empty: no answer is expected.
};

struct Incoming {
    Asker from;
    std::string to;
    Body body;
};

/// Names of nodes and clients, and JSON within JSON, beyond these are not read.
inline constexpr std::size_t max_name_bytes = 256;
inline constexpr int max_depth = 64;

/// Nothing when the line is no message of the protocol, or answers one: this node asks nobody.
/// Never throws.
[[nodiscard]] std::optional<Incoming> read_message(std::string_view line);

/// The fields of a body beside in_reply_to, as JSON without its braces.
struct Answer {
    std::string fields;
};

[[nodiscard]] Answer answer_to_init();
[[nodiscard]] Answer answer_to(const Echo& echo);
/// No name: nobody is known to lead.
[[nodiscard]] Answer answer_with_leader(const std::optional<std::string>& name, Term term);
[[nodiscard]] Answer answer_with_status(const std::string& json);
[[nodiscard]] Answer error(ErrorCode code, std::string_view text);

/// What the reply to an operation amounts to.
[[nodiscard]] Answer answer_to(server::Operation operation, const server::Reply& reply);

/// Whole lines, with their newline.
[[nodiscard]] std::string answer_line(std::string_view from,
                                      const Asker& asker,
                                      const Answer& answer);
[[nodiscard]] std::string frame_line(std::string_view from,
                                     std::string_view to,
                                     std::string_view bytes);

}  // namespace squall::raft::node::maelstrom
