// Kinds of plans: the general mix, and mixes that put one part of a Raft under pressure. Pure: a
// plan is a function of profile and seed.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "harness/plan.hpp"

namespace squall::harness::compare {

struct Profile {
    std::string_view name;
    std::string_view what;                          ///< One line for people.
    void (*press)(Plan& plan, std::uint64_t draw);  ///< Null: the swarm's plan as it is.
    std::span<const std::string_view> classes;      ///< Of faults, instead of those drawn.
    unsigned quorum_only_percent = 0;  ///< Of plans: a minority stays broken when all else heals.
};

inline constexpr std::string_view general = "general";

/// `general` first.
[[nodiscard]] std::span<const Profile> profiles();

/// Null when there is none of that name.
[[nodiscard]] const Profile* find_profile(std::string_view name);

/// Some of what a profile draws, fixed. `general` is never narrowed.
struct Narrowing {
    std::string_view fault_class = {};  ///< This one only; empty: those of the profile.
    std::string_view shape = {};        ///< With a class: of all of them; empty: as drawn.
    std::optional<bool> lasting = {};
    std::optional<bool> quorum_only = {};
    std::uint32_t nodes = 0;  ///< 0: as drawn.
    std::uint32_t rate = 0;   ///< Operations a second; 0: as drawn.

    [[nodiscard]] bool empty() const {
        return fault_class.empty() && shape.empty() && !lasting && !quorum_only && nodes == 0 &&
               rate == 0;
    }
};

/// `real_time`: what real processes can keep and suffer.
[[nodiscard]] Plan plan_of(const Profile& profile,
                           std::uint64_t seed,
                           bool real_time,
                           Narrowing narrowing = {});

/// What a pair is drawn from.
struct Mix {
    std::string name;  ///< For people.
    const Profile* profile = nullptr;
    Narrowing narrowing = {};
};

/// The same faults at the same times, and everything else drawn anew.
[[nodiscard]] Plan neighbour(const Plan& plan, std::uint64_t number);

}  // namespace squall::harness::compare
