// What a plan may ask for, wherever it comes from: flags or a file. Beyond these a run would not
// end, not fit into memory, or mean nothing.
#pragma once

#include <chrono>
#include <cstdint>

#include "history/event.hpp"

namespace squall::harness::limits {

inline constexpr std::uint32_t nodes_max = 9;
inline constexpr std::uint32_t concurrency_max = 1000;
inline constexpr std::uint32_t keys_max = 100'000;
inline constexpr double rate_max = 1e6;
inline constexpr std::uint64_t snapshot_interval_max = 1'000'000'000;
/// Of every duration in a plan.
inline constexpr history::Duration duration_max = std::chrono::hours(24);
inline constexpr history::Duration interval_min = std::chrono::milliseconds(100);
inline constexpr history::Duration interval_max = std::chrono::hours(1);
/// A run keeps its history in memory, about a kilobyte for each operation.
inline constexpr double operations_max = 1e7;

}  // namespace squall::harness::limits
