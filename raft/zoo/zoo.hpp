// The bugs of documented Raft implementations that can be switched on, one by one, to prove that
// the detectors work. A bug is a value in a configuration, never a global. Without SQUALL_ZOO
// nothing can be switched on, every `has` folds to false, and the catalogue is empty.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "raft/zoo/catalogue.hpp"

namespace squall::raft::zoo {

[[nodiscard]] constexpr std::optional<Bug> find(std::string_view slug) {
    for (const Description& entry : catalogue) {
        if (entry.slug == slug) {
            return entry.bug;
        }
    }
    return std::nullopt;
}

/// The bugs switched on in one node.
class Bugs {
  public:
    constexpr Bugs() = default;

#ifdef SQUALL_ZOO
    static constexpr bool compiled_in = true;

    constexpr void enable(Bug bug) { bits_ |= bit(bug); }

    [[nodiscard]] constexpr bool has(Bug bug) const { return switched_on(bug); }

    /// The node does not check itself: to measure what the other detectors find alone. Assertions
    /// that keep it from reading where nothing is stay.
    constexpr void switch_assertions_off() { unchecked_ = true; }

    [[nodiscard]] constexpr bool unchecked() const { return unchecked_; }

  private:
    /// Kept as a symbol wherever bugs can be: its absence proves that there are none.
    [[gnu::used]] [[nodiscard]] constexpr bool switched_on(Bug bug) const {
        return (bits_ & bit(bug)) != 0;
    }

    static constexpr std::uint64_t bit(Bug bug) {
        return std::uint64_t{1} << static_cast<unsigned>(bug);
    }

    std::uint64_t bits_ = 0;
    bool unchecked_ = false;
#else
    static constexpr bool compiled_in = false;

    constexpr void enable(Bug) {}

    [[nodiscard]] static constexpr bool has(Bug) { return false; }

    constexpr void switch_assertions_off() {}

    [[nodiscard]] static constexpr bool unchecked() { return false; }
#endif
};

}  // namespace squall::raft::zoo
