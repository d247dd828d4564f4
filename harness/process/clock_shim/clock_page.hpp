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

namespace squall::clock_shim {

using Nanoseconds = std::int64_t;

inline constexpr std::uint64_t page_magic = 0x53514C434C4B3031;  // "SQLCLK01"
inline constexpr const char* page_variable = "SQUALL_CLOCK_PAGE";

/// How the clocks run since the raw monotonic time `base_raw`. Raw: what the kernel says.
struct Setting {
    Nanoseconds base_raw = 0;
    Nanoseconds base_monotonic = 0;  ///< Virtual, at base_raw.
    Nanoseconds base_realtime = 0;   ///< Virtual, at base_raw.
    double rate = 1;                 ///< Virtual seconds per raw second; 0: frozen.
    bool realtime_true = true;       ///< CLOCK_REALTIME is the kernel's, whatever base_realtime is.
};

struct ClockPage {
    std::uint64_t magic = page_magic;

    std::atomic<std::uint32_t> sequence = 0;  ///< Also the futex that a change wakes.
    std::atomic<bool> realtime_true = true;
    std::atomic<Nanoseconds> base_raw = 0;
    std::atomic<Nanoseconds> base_monotonic = 0;
    std::atomic<Nanoseconds> base_realtime = 0;
    std::atomic<double> rate = 1;
    /// Virtual minus raw monotonic time that counts as undisturbed: earlier faults left it.
    std::atomic<Nanoseconds> monotonic_baseline = 0;

    // Written by the shim; updates by several threads at once may lose a count, never invent one.
    alignas(64) std::atomic<std::uint64_t> reads = 0;  ///< Of a clock, by the program.
    std::atomic<std::uint32_t> sequence_seen = 0;      ///< At the latest read.
    std::atomic<std::uint64_t> changes_seen = 0;       ///< Reads that met a new setting.
    std::atomic<Nanoseconds> offset_max = 0;           ///< Largest |virtual - true| that was read.
};

static_assert(std::atomic<double>::is_always_lock_free);
static_assert(std::atomic<Nanoseconds>::is_always_lock_free);
static_assert(sizeof(ClockPage) <= 4096);

[[nodiscard]] inline Nanoseconds scaled(Nanoseconds raw, double rate) {
    return rate == 1 ? raw : static_cast<Nanoseconds>(static_cast<double>(raw) * rate);
}

[[nodiscard]] inline Nanoseconds virtual_monotonic(const Setting& setting, Nanoseconds raw) {
    return setting.base_monotonic + scaled(raw - setting.base_raw, setting.rate);
}

/// Only when not `realtime_true`. From the monotonic clock alone, so that a frozen clock stands
/// perfectly still.
[[nodiscard]] inline Nanoseconds virtual_realtime(const Setting& setting, Nanoseconds raw) {
    return setting.base_realtime + scaled(raw - setting.base_raw, setting.rate);
}

[[nodiscard]] inline Setting load_setting(const ClockPage& page) {
    return {.base_raw = page.base_raw.load(std::memory_order_relaxed),
            .base_monotonic = page.base_monotonic.load(std::memory_order_relaxed),
            .base_realtime = page.base_realtime.load(std::memory_order_relaxed),
            .rate = page.rate.load(std::memory_order_relaxed),
            .realtime_true = page.realtime_true.load(std::memory_order_relaxed)};
}

}  // namespace squall::clock_shim
