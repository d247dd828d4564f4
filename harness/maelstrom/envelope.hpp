// What a router has to know of a message: `{"src": "n1", "dest": "c2", "body": {"type": ...}}` on a
// line. The line is checked to be JSON through its end, but only the envelope is kept: what else
// the body says is between sender and receiver.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace squall::harness::maelstrom {

struct Envelope {
    std::string src;
    std::string dest;
    std::string type;
    std::optional<std::uint64_t> msg_id;
    std::optional<std::uint64_t> in_reply_to;
};

/// Nesting beyond this is refused: no message needs it, and readers in nodes may recurse.
inline constexpr std::size_t depth_max = 64;

/// The envelope, or what is wrong with the line. `line` is without its newline and may hold
/// anything.
[[nodiscard]] std::variant<Envelope, std::string> read_envelope(std::string_view line);

}  // namespace squall::harness::maelstrom
