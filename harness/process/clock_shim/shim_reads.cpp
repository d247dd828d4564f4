// The clocks as the program reads them, and the report of what it has seen.
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <time.h>

#include "harness/process/clock_shim/shim_state.hpp"

namespace squall::clock_shim {

namespace {

/// Offsets are reported in milliseconds: a step smaller than this is not worth a store, which
/// threads on other processors would have to wait for.
constexpr Nanoseconds offset_step = 100'000;

/// Of a clock that the setting bends. Loads and stores instead of atomic additions: a read of the
/// clock must stay cheap.
void report(ClockPage& shared, const Moment& now, clockid_t clock, Nanoseconds time) {
    if (shared.sequence_seen.load(std::memory_order_relaxed) != now.sequence) {
        shared.sequence_seen.store(now.sequence, std::memory_order_relaxed);
    }
    Nanoseconds offset = 0;
    if (is_wall(clock)) {
        offset = time - now.raw - now.setting.realtime_ahead;
    } else if (clock == CLOCK_MONOTONIC) {
        offset = time - now.raw - shared.monotonic_baseline.load(std::memory_order_relaxed);
    }
    offset = offset < 0 ? -offset : offset;
    if (offset >= shared.offset_max.load(std::memory_order_relaxed) + offset_step) {
        shared.offset_max.store(offset, std::memory_order_relaxed);
    }
}

}  // namespace

Nanoseconds read_clock(clockid_t clock) {
    const Moment now = moment(clock);
    const Nanoseconds time = virtual_time(now, clock);
    const bool bent = now.setting.rate != 1 || (is_wall(clock) && !now.true_wall);
    if (bent) {
        report(*page(), now, clock, time);
    }
    return time;
}

}  // namespace squall::clock_shim

using namespace squall::clock_shim;  // NOLINT: this file defines functions of the C library.

extern "C" {

int clock_gettime(clockid_t clock, timespec* out) noexcept {
    if (page() == nullptr || !ruled(clock)) {
        static constinit Hidden<int(clockid_t, timespec*)> hidden("clock_gettime");
        auto* next = *hidden;
        return next != nullptr ? next(clock, out)
                               : static_cast<int>(::syscall(SYS_clock_gettime, clock, out));
    }
    *out = to_timespec(read_clock(clock));
    return 0;
}

int gettimeofday(timeval* __restrict out, void* __restrict zone) noexcept {
    if (page() == nullptr || zone != nullptr) {
        static constinit Hidden<int(timeval*, void*)> hidden("gettimeofday");
        const int result = (*hidden)(out, zone);
        if (page() == nullptr || result != 0) {
            return result;
        }
    }
    const timespec now = to_timespec(read_clock(CLOCK_REALTIME));
    *out = {.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
    return 0;
}

time_t time(time_t* out) noexcept {
    const Nanoseconds now =
        page() != nullptr ? read_clock(CLOCK_REALTIME) : raw_time(CLOCK_REALTIME_COARSE);
    const time_t seconds = to_timespec(now).tv_sec;
    if (out != nullptr) {
        *out = seconds;
    }
    return seconds;
}

int timespec_get(timespec* out, int base) noexcept {
    if (base != TIME_UTC) {
        return 0;
    }
    return clock_gettime(CLOCK_REALTIME, out) == 0 ? base : 0;
}

}  // extern "C"
