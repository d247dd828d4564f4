// Lines of the native format as both of its readers take them: bounds, header and what is wrong
// with a line are decided here alone.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "history/event.hpp"
#include "history/jsonl.hpp"

namespace squall::history {

/// A field that is not what the format says. Thrown by what reads a line, caught by
/// `read_event_lines`, which knows its number.
struct Malformed {
    std::string field;
    std::string problem;
};

/// Strict. Throws Malformed.
[[nodiscard]] Event event_of_line(std::string_view line, std::uint64_t expected_index, Time before);

/// Gets a line and the index that its event must have. Throws Malformed.
using EventLine = std::function<void(std::string_view line, std::uint64_t index)>;

/// Every line behind the header goes to `event_line`. Says what is wrong, where it stops.
[[nodiscard]] std::optional<ParseError> read_event_lines(std::istream& in,
                                                         std::string_view name,
                                                         std::vector<std::string>& warnings,
                                                         const EventLine& event_line);

}  // namespace squall::history
