// Waiting in virtual time: by slices of raw time, after each of which the clock is asked again.
#pragma once

#include <cerrno>

#include "harness/process/clock_shim/shim_state.hpp"

namespace squall::clock_shim {

/// A time of a ruled clock. A change of that clock moves it.
struct Deadline {
    clockid_t clock = CLOCK_MONOTONIC;
    Nanoseconds at = 0;

    /// Virtual time left; negative when it has passed.
    [[nodiscard]] Nanoseconds left() const { return at - virtual_time(clock); }

    /// Raw time until it must be looked at again; 0 when it has passed.
    [[nodiscard]] Nanoseconds slice() const {
        const Moment now = moment(clock);
        const Nanoseconds left = at - virtual_time(now, clock);
        return left <= 0 ? 0 : raw_duration(left, now.setting.rate, slice_max);
    }
};

/// Only with a page.
[[nodiscard]] inline Deadline deadline_in(Nanoseconds duration) {
    return {CLOCK_MONOTONIC, virtual_time(CLOCK_MONOTONIC) + duration};
}

/// For the family of poll: `wait` takes a raw duration and returns 0 when nothing happened in it.
template <typename Wait>
int wait_until(const Deadline& deadline, Wait wait) {
    for (;;) {
        const Nanoseconds slice = deadline.slice();
        const int result = wait(slice);
        if (result != 0 || slice == 0) {
            return result;
        }
    }
}

/// For locks, semaphores and the like: `wait` takes a raw CLOCK_MONOTONIC deadline and says whether
/// that has passed; then true is returned once the virtual one has, too.
template <typename Wait>
bool timed_out(const Deadline& deadline, Wait wait) {
    for (;;) {
        const Nanoseconds slice = deadline.slice();
        const timespec until = to_timespec(raw_time(CLOCK_MONOTONIC) + slice);
        if (!wait(until)) {
            return false;
        }
        if (slice == 0) {
            return true;
        }
    }
}

/// 0, or EINTR and what is left of it.
[[nodiscard]] int sleep_until(const Deadline& deadline, Nanoseconds* left);

}  // namespace squall::clock_shim
