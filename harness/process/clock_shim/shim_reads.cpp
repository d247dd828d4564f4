// The clocks as the program reads them, and the report of what it has seen.
#include <sys/time.h>

#include <time.h>

#include "harness/process/clock_shim/shim_state.hpp"

namespace squall::clock_shim {

namespace {

/// Loads and stores instead of atomic additions: a read of the clock must stay cheap.
void report(ClockPage& shared, const Moment& now, clockid_t clock, Nanoseconds time) {
    shared.reads.store(shared.reads.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    if (shared.sequence_seen.load(std::memory_order_relaxed) != now.sequence) {
        shared.sequence_seen.store(now.sequence, std::memory_order_relaxed);
        shared.changes_seen.fetch_add(1, std::memory_order_relaxed);
    }
    Nanoseconds offset = 0;
    if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) {
        offset = now.setting.realtime_true ? 0 : time - raw_time(CLOCK_REALTIME);
    } else if (clock == CLOCK_MONOTONIC) {
        offset = time - now.raw - shared.monotonic_baseline.load(std::memory_order_relaxed);
    }
    offset = offset < 0 ? -offset : offset;
    if (offset > shared.offset_max.load(std::memory_order_relaxed)) {
        shared.offset_max.store(offset, std::memory_order_relaxed);
    }
}

/// Only with a page and of a ruled clock.
Nanoseconds read(ClockPage& shared, clockid_t clock) {
    const Moment now = moment();
    const Nanoseconds time = virtual_time(now, clock);
    report(shared, now, clock, time);
    return time;
}

}  // namespace

}  // namespace squall::clock_shim

using namespace squall::clock_shim;  // NOLINT: this file defines functions of the C library.

extern "C" {

int clock_gettime(clockid_t clock, timespec* out) noexcept {
    ClockPage* shared = page();
    if (shared == nullptr || !ruled(clock)) {
        return raw_clock_gettime(clock, out);
    }
    *out = to_timespec(read(*shared, clock));
    return 0;
}

int gettimeofday(timeval* __restrict out, void* __restrict zone) noexcept {
    ClockPage* shared = page();
    if (shared == nullptr || zone != nullptr) {
        static constinit Hidden<int(timeval*, void*)> hidden("gettimeofday");
        const int result = (*hidden)(out, zone);
        if (shared == nullptr || result != 0) {
            return result;
        }
    }
    const timespec now = to_timespec(read(*shared, CLOCK_REALTIME));
    *out = {.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
    return 0;
}

time_t time(time_t* out) noexcept {
    ClockPage* shared = page();
    const Nanoseconds now =
        shared != nullptr ? read(*shared, CLOCK_REALTIME) : raw_time(CLOCK_REALTIME_COARSE);
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
