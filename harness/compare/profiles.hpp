// Kinds of plans: the general mix, and mixes that put one part of a Raft under pressure. Pure: a
// plan is a function of profile and seed.
#pragma once

#include <cstdint>
#include <span>
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

/// `real_time`: what real processes can keep and suffer.
[[nodiscard]] Plan plan_of(const Profile& profile, std::uint64_t seed, bool real_time);

/// The same faults at the same times, and everything else drawn anew.
[[nodiscard]] Plan neighbour(const Plan& plan, std::uint64_t number);

}  // namespace squall::harness::compare
