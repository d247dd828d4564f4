// The page of memory through which the harness tells a node's clocks how to run and the preloaded
// shim tells the harness what the node has seen of it. Shared by two processes, so it holds
// lock-free atomics only and no pointers.
//
// Invariants: the settings are written by the harness alone, while `sequence` is odd; virtual
// monotonic time never goes backwards, since a writer takes the raw time only after it has made
// `sequence` odd and readers take theirs between two reads of the same even `sequence`.
#pragma once

#include <atomic>
#include <cstdint>

#include "harness/process/clock_shim/clock_arithmetic.hpp"

namespace squall::clock_shim {

inline constexpr std::uint64_t page_magic = 0x53514C434C4B3032;  // "SQLCLK02"
inline constexpr const char* page_variable = "SQUALL_CLOCK_PAGE";

struct ClockPage {
    std::uint64_t magic = page_magic;

    std::atomic<std::uint32_t> sequence = 0;  ///< Also the futex that a change wakes.
    std::atomic<bool> realtime_true = true;
    std::atomic<Nanoseconds> base_raw = 0;
    std::atomic<Nanoseconds> base_monotonic = 0;
    std::atomic<Nanoseconds> base_realtime = 0;
    std::atomic<Nanoseconds> realtime_ahead = 0;
    std::atomic<double> rate = 1;
    /// Virtual minus raw monotonic time that counts as undisturbed: earlier faults left it.
    std::atomic<Nanoseconds> monotonic_baseline = 0;

    // Written by the shim. Threads that report at once may lose what one of them has seen, never
    // invent anything.
    /// Of the setting under which the program has last read a clock that the setting bends.
    alignas(64) std::atomic<std::uint32_t> sequence_seen = 0;
    std::atomic<Nanoseconds> offset_max = 0;  ///< Largest |virtual - true| read, to 0.1 ms.
};

static_assert(std::atomic<double>::is_always_lock_free);
static_assert(std::atomic<Nanoseconds>::is_always_lock_free);
static_assert(sizeof(ClockPage) <= 4096);

[[nodiscard]] inline Setting load_setting(const ClockPage& page) {
    return {.base_raw = page.base_raw.load(std::memory_order_relaxed),
            .base_monotonic = page.base_monotonic.load(std::memory_order_relaxed),
            .base_realtime = page.base_realtime.load(std::memory_order_relaxed),
            .realtime_ahead = page.realtime_ahead.load(std::memory_order_relaxed),
            .rate = page.rate.load(std::memory_order_relaxed),
            .realtime_true = page.realtime_true.load(std::memory_order_relaxed)};
}

}  // namespace squall::clock_shim
