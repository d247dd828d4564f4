// The catalogue of documented Raft bugs that can be switched on, one by one, to prove that the
// detectors work. A bug is a value in a configuration, never a global. Without SQUALL_ZOO nothing
// can be switched on and every `has` folds to false.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace squall::raft::zoo {

enum class Bug : std::uint8_t { stale_read, ack_before_commit, term_not_persisted };

struct Description {
    Bug bug;
    std::string_view slug;
    std::string_view what;
};

inline constexpr std::array catalogue{
    Description{Bug::stale_read, "stale-read", "every node answers reads from its own state"},
    Description{Bug::ack_before_commit,
                "ack-before-commit",
                "the leader answers mutations after its own append, before a quorum has them"},
    Description{Bug::term_not_persisted,
                "term-not-persisted",
                "a restart recovers the last entry's term and no vote"},
};

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

    constexpr void enable(Bug bug) { bits_ |= 1U << static_cast<unsigned>(bug); }

    [[nodiscard]] constexpr bool has(Bug bug) const {
        return ((bits_ >> static_cast<unsigned>(bug)) & 1U) != 0;
    }

  private:
    std::uint32_t bits_ = 0;
#else
    static constexpr bool compiled_in = false;

    constexpr void enable(Bug) {}

    [[nodiscard]] static constexpr bool has(Bug) { return false; }
#endif
};

}  // namespace squall::raft::zoo
