// Histories for other tools: as Squall's own JSON Lines, or as Jepsen's EDN, an operation map a
// line. docs/formats.md says what cannot be said in either.
#pragma once

#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "history/event.hpp"
#include "history/formats/format.hpp"

namespace squall::history::formats {

enum class ExportTo : std::uint8_t { jsonl, edn };

struct ExportOptions {
    ReadOptions read;
    ExportTo to = ExportTo::jsonl;
    /// Only the operations on this key, written without it.
    std::optional<std::string> key;
};

struct Exported {
    std::optional<ParseError> error;
    std::vector<std::string> warnings;  ///< Also of what the other format cannot say.
};

/// The native format keeps its times, errors and faults; of others the order is all there is.
[[nodiscard]] Exported convert_file(const std::string& path,
                                    const ExportOptions& options,
                                    std::ostream& out);

/// The events of a compact history, one nanosecond apart. What it cannot say in events is added to
/// `warnings`.
[[nodiscard]] std::vector<Event> events_of(const CompactHistory& history,
                                           std::vector<std::string>& warnings);

/// Operation maps, a line each. With more than one key every value is [key value].
[[nodiscard]] std::vector<std::string> edn_lines(std::span<const Event> events);

}  // namespace squall::history::formats
