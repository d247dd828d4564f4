// How large a run is, for people, and for telling whether shrinking gets anywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "history/event.hpp"

namespace squall::harness {

using history::Duration;

struct RunSize {
    std::size_t faults = 0;
    std::size_t operations = 0;  ///< Of the main phase.
    std::uint32_t nodes = 0;
    Duration length{};  ///< Of the main phase.
    friend bool operator==(const RunSize&, const RunSize&) = default;
};

/// "33 faults, 4512 operations, 5 nodes, 30.000 s".
[[nodiscard]] std::string to_text(const RunSize& size);

}  // namespace squall::harness
