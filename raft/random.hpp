// Counter-based randomness: a pure function of who asks and for the how-many-th time, so that the
// core needs no generator state and equal inputs give equal outputs on every library and platform.
#pragma once

#include <cstdint>
#include <initializer_list>

namespace squall::raft {

/// splitmix64's output function: every input bit reaches every output bit.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t value) {
    value += 0x9e3779b97f4a7c15U;
    value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31U);
}

/// 64 random-looking bits from a sequence of words; the order of the words matters.
[[nodiscard]] constexpr std::uint64_t random_bits(std::initializer_list<std::uint64_t> words) {
    std::uint64_t state = 0;
    for (const std::uint64_t word : words) {
        state = mix(state ^ word);
    }
    return state;
}

}  // namespace squall::raft
