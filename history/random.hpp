// Counter-based randomness: hash(seed, stream, entity, ordinal). There is no state to advance, so
// deleting one entry of a plan never reshuffles the others. The distributions are ours because
// those of std differ between standard libraries and would break replay.
#pragma once

#include <cstdint>
#include <string_view>

namespace squall::history {

/// splitmix64's finaliser (Steele, Lea, Flood 2014): a bijection with good avalanche.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31U);
}

/// FNV-1a, to turn a stream's name into a number at compile time.
[[nodiscard]] constexpr std::uint64_t stream_hash(std::string_view name) {
    std::uint64_t h = 0xcbf29ce484222325ULL;
    for (const char c : name) {
        h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    }
    return h;
}

/// One named stream of random numbers under a seed.
class Stream {
  public:
    constexpr Stream(std::uint64_t seed, std::string_view name)
        : base_(mix(seed ^ stream_hash(name))) {}

    /// 64 uniform bits for (entity, ordinal), always the same ones.
    [[nodiscard]] constexpr std::uint64_t bits(std::uint64_t entity, std::uint64_t ordinal) const {
        return mix(mix(base_ ^ mix(entity)) ^ ordinal);
    }

    /// Uniform in [0, bound); bound > 0. Multiply-shift: bias below 2^-32 for bounds below 2^32.
    [[nodiscard]] constexpr std::uint64_t below(std::uint64_t bound,
                                                std::uint64_t entity,
                                                std::uint64_t ordinal) const {
        return ((bits(entity, ordinal) >> 32U) * bound) >> 32U;
    }

    /// Uniform in [0, 1).
    [[nodiscard]] constexpr double unit(std::uint64_t entity, std::uint64_t ordinal) const {
        return static_cast<double>(bits(entity, ordinal) >> 11U) * 0x1.0p-53;
    }

  private:
    std::uint64_t base_;
};

}  // namespace squall::history
