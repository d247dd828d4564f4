// What is explored: the cluster, and how often each kind of thing may happen on a way through it.
// These budgets, not the limits of the search, are what makes the space finite.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "raft/zoo/zoo.hpp"

namespace squall::harness::explore {

/// What is counted. Everything else (deliveries, ends of writes) may happen as often as it can.
enum class Budget : std::uint8_t {
    timeouts,    ///< An election timer fires, or a leader that hears from nobody steps down.
    heartbeats,  ///< A leader's heartbeat timer fires.
    crashes,     ///< A node dies and starts again.
    proposals,   ///< A client's command reaches a leader.
    reads,       ///< A client's read reaches a leader.
    duplicates,  ///< A message is delivered and stays on the way.
    drops        ///< A message is lost. Never to deliver it has the same effect.
};

inline constexpr std::size_t budget_count = 7;

/// In the order of Budget; flags of the command, fields of its JSON.
inline constexpr std::array<std::string_view, budget_count> budget_names{
    "timeouts", "heartbeats", "crashes", "proposals", "reads", "duplicates", "drops"};

using Budgets = std::array<std::uint8_t, budget_count>;

enum class Start : std::uint8_t {
    fresh,   ///< Empty disks, nobody leads.
    elected  ///< n1 leads term 1, its no-op is committed, no message is under way.
};

struct Options {
    std::uint32_t nodes = 3;
    Budgets budgets{2, 0, 1, 1, 1, 0, 0};
    /// Of everything that is counted, together; 0: as much as the budgets allow.
    std::uint32_t events = 0;
    Start start = Start::fresh;
    /// Writes are durable at once; else each ends some time, and a crash may come before.
    bool instant_disks = false;
    /// Entries of one append at most; 0: as many as the core puts into one.
    std::uint32_t batch = 0;
    /// Fold states that differ only in the names of nodes.
    bool symmetry = true;
    /// Forget messages that can do nothing any more.
    bool bury_dead = true;
    raft::zoo::Bugs bugs;
    /// Symmetric bugs treat all nodes alike.
    bool symmetric_bugs = true;
};

/// What can be spent at all.
[[nodiscard]] std::uint32_t events_of(const Options& options);

/// Throws UsageError when this build does not know the bug.
void enable_bug(Options& options, std::string_view slug);

inline constexpr std::uint32_t nodes_min = 2;
inline constexpr std::uint32_t nodes_max = 5;
inline constexpr std::uint32_t budget_max = 20;
inline constexpr std::uint32_t events_max = budget_max * budget_count;

}  // namespace squall::harness::explore
