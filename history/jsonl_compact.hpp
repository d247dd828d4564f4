// The native format straight into a CompactHistory, at millions of events a second. It accepts and
// refuses what history/jsonl.hpp does, in the same words; in addition events must pair.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "history/compact_history.hpp"
#include "history/jsonl.hpp"

namespace squall::history {

struct LoadedCompact {
    CompactHistory history;
    std::uint64_t events = 0;         ///< Faults and notes too.
    std::optional<ParseError> error;  ///< Set: the history is not usable.
    std::vector<std::string> warnings;
};

/// `name` is only for messages.
[[nodiscard]] LoadedCompact load_compact(std::istream& in, std::string_view name);

}  // namespace squall::history
