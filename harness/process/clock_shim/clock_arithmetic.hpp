// How a ruled clock runs: arithmetic on nanoseconds, shared by the harness, which sets the rules,
// and the shim, which obeys them. Reads no clock.
//
// Invariants: virtual monotonic time never goes back as raw time goes on, at any rate, and goes on
// through a change of setting from where it was; nothing divides by a rate of 0.
#pragma once

#include <cstdint>
#include <limits>

#include <time.h>

namespace squall::clock_shim {

using Nanoseconds = std::int64_t;

inline constexpr Nanoseconds nanoseconds_per_second = 1'000'000'000;

/// A sleeping thread looks at the clock again after so much raw time.
inline constexpr Nanoseconds slice_max = 20'000'000;

/// How the clocks run since the raw monotonic time `base_raw`. Raw: what the kernel says.
struct Setting {
    Nanoseconds base_raw = 0;
    Nanoseconds base_monotonic = 0;  ///< Virtual, at base_raw.
    Nanoseconds base_realtime = 0;   ///< Virtual, at base_raw.
    Nanoseconds realtime_ahead = 0;  ///< Raw CLOCK_REALTIME minus raw CLOCK_MONOTONIC.
    double rate = 1;                 ///< Virtual seconds per raw second; 0: frozen.
    bool realtime_true = true;       ///< CLOCK_REALTIME is the kernel's, whatever base_realtime is.
};

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

/// Raw time in which `duration`, > 0, passes at this rate, rounded up; `longest` when that is
/// sooner, also for a clock that stands still.
[[nodiscard]] inline Nanoseconds raw_duration(Nanoseconds duration,
                                              double rate,
                                              Nanoseconds longest) {
    // Compared before it is divided: no overflow, and a rate of 0 is no special case.
    if (static_cast<double>(duration) >= static_cast<double>(longest) * rate) {
        return longest;
    }
    return static_cast<Nanoseconds>(static_cast<double>(duration) / rate) + 1;
}

/// Far futures are brought near enough that sums of two do not overflow.
[[nodiscard]] inline Nanoseconds to_nanoseconds(const timespec& time) {
    constexpr Nanoseconds seconds_max =
        std::numeric_limits<Nanoseconds>::max() / nanoseconds_per_second / 2;
    const Nanoseconds seconds = time.tv_sec < seconds_max ? time.tv_sec : seconds_max;
    return seconds * nanoseconds_per_second + time.tv_nsec;
}

[[nodiscard]] inline timespec to_timespec(Nanoseconds time) {
    timespec split{.tv_sec = time / nanoseconds_per_second,
                   .tv_nsec = time % nanoseconds_per_second};
    if (split.tv_nsec < 0) {
        split.tv_nsec += nanoseconds_per_second;
        --split.tv_sec;
    }
    return split;
}

/// Neither negative nor a fraction of more than a second.
[[nodiscard]] inline bool valid(const timespec& time) {
    return time.tv_sec >= 0 && time.tv_nsec >= 0 && time.tv_nsec < nanoseconds_per_second;
}

}  // namespace squall::clock_shim
