// The fast way to read a line of the native format: it takes the lines that recorders write and
// knows nothing of errors. Whatever is unusual (escapes, bytes beyond ASCII, faults, notes, unknown
// fields, anything malformed) it leaves to `event_of_line`, which must agree with it on the rest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "history/compact_builder.hpp"
#include "history/event.hpp"

namespace squall::history {

/// Of a list, the first two elements are kept apart, since the argument of a cas is never made a
/// list.
struct ScannedValue {
    ValueId id = null_value;  ///< Of a list that holds more than two, or another value.
    ValueId first = null_value;
    ValueId second = null_value;
    std::size_t elements = 0;
    bool list = false;
};

/// Views reach into the line.
struct ScannedEvent {
    std::uint64_t index = 0;
    std::int64_t time = 0;
    EventType type = EventType::note;
    ClientId client = -1;
    NodeId node = 0;
    std::string_view function;
    std::string_view key;
    ScannedValue value;
    Applied applied = Applied::unsaid;
    std::optional<LogPosition> position;
    bool final_read = false;
};

/// False: the line is for `event_of_line`. Values are interned on the way.
[[nodiscard]] bool scan_event(std::string_view line, ValueTable& values, ScannedEvent& event);

/// The id of the value, lists made whole.
[[nodiscard]] ValueId whole(const ScannedValue& value, ValueTable& values);

}  // namespace squall::history
