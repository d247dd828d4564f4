// The native history format: JSON Lines, one event a line after a header line that names the
// version. docs/history-format.md is its reference. Reading is strict but for an unterminated last
// line, which a killed run leaves behind: it is dropped with a warning.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "history/event.hpp"

namespace squall::history {

inline constexpr int format_version = 1;
inline constexpr std::size_t max_line_bytes = std::size_t{1} << 20U;

/// Malformed input: `file:line: field: problem`.
struct ParseError {
    std::string file;
    std::size_t line = 0;
    std::string field;
    std::string problem;
    [[nodiscard]] std::string message() const;
};

struct Loaded {
    std::vector<Event> events;
    std::optional<ParseError> error;  ///< Set: the history is not usable.
    std::vector<std::string> warnings;
};

/// The header line, without newline: {"squall_history": 1}.
[[nodiscard]] std::string header_line();

/// One event as one JSON line, without newline. Round-trips through `load`.
[[nodiscard]] std::string to_line(const Event& event);

/// Reads a whole history. `name` is only for messages. Bounded: lines longer than `max_line_bytes`,
/// JSON deeper than 32, or more than 2^32 events are errors.
[[nodiscard]] Loaded load(std::istream& in, std::string_view name);

[[nodiscard]] Loaded load_file(const std::string& path);

}  // namespace squall::history
