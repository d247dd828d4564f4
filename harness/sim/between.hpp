// A random duration from random bits, for whatever takes a varying time in the simulation.
#pragma once

#include <cstdint>

#include "history/event.hpp"

namespace squall::harness::sim {

/// Uniform in [min, max), by the upper half of the bits. `max - min` stays below 4 s.
[[nodiscard]] constexpr history::Duration between(std::uint64_t bits,
                                                  history::Duration min,
                                                  history::Duration max) {
    const auto range = static_cast<std::uint64_t>((max - min).count());
    return min +
           history::Duration(static_cast<history::Duration::rep>(((bits >> 32U) * range) >> 32U));
}

}  // namespace squall::harness::sim
