#include "harness/process/clock_shim/clock_arithmetic.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace squall::clock_shim {

namespace {

/// Up to a day, and as often a few nanoseconds.
rc::Gen<Nanoseconds> any_duration() {
    constexpr Nanoseconds day = nanoseconds_per_second * 3600 * 24;
    return rc::gen::oneOf(rc::gen::inRange<Nanoseconds>(1, 1000),
                          rc::gen::inRange<Nanoseconds>(1, nanoseconds_per_second),
                          rc::gen::inRange<Nanoseconds>(1, day));
}

/// In hundredths from 0 to 1000, as plans have them.
rc::Gen<double> any_rate() {
    return rc::gen::map(rc::gen::inRange(0, 100'000), [](int n) { return n / 100.0; });
}

}  // namespace

RC_GTEST_PROP(ClockArithmetic, AWaitIsNoLongerThanASliceAndIsOverNoSoonerThanItsTime, ()) {
    const Nanoseconds duration = *any_duration();
    const double rate = *any_rate();

    const Nanoseconds raw = raw_duration(duration, rate, slice_max);

    RC_ASSERT(raw > 0);
    RC_ASSERT(raw <= slice_max);
    RC_ASSERT(raw == slice_max || scaled(raw, rate) >= duration);
}

RC_GTEST_PROP(ClockArithmetic, AWaitThatFitsIsAtMostATickOfTheClockTooLong, ()) {
    const Nanoseconds duration = *rc::gen::inRange<Nanoseconds>(1, nanoseconds_per_second);
    const double rate = *any_rate();

    const Nanoseconds raw = raw_duration(duration, rate, slice_max);

    if (raw > 2 && raw < slice_max) {
        RC_ASSERT(scaled(raw - 2, rate) <= duration);
    }
}

TEST(ClockArithmetic, AClockThatStandsStillIsWaitedForInWholeSlices) {
    EXPECT_EQ(raw_duration(1, 0, slice_max), slice_max);
    EXPECT_EQ(raw_duration(std::numeric_limits<Nanoseconds>::max(), 0, slice_max), slice_max);
    EXPECT_EQ(scaled(nanoseconds_per_second, 0), 0);
}

RC_GTEST_PROP(ClockArithmetic, TimeNeverGoesBackAndGoesOnThroughAChange, ()) {
    Nanoseconds raw = *any_duration();
    Setting setting{.base_raw = raw, .base_monotonic = raw};
    Nanoseconds last = virtual_monotonic(setting, raw);
    for (int i = 0; i < 10; ++i) {
        raw += *any_duration();
        const Nanoseconds now = virtual_monotonic(setting, raw);
        RC_ASSERT(now >= last);

        setting = {.base_raw = raw, .base_monotonic = now, .rate = *any_rate()};
        RC_ASSERT(virtual_monotonic(setting, raw) == now);
        last = now;
    }
}

RC_GTEST_PROP(ClockArithmetic, TimesSurviveTheirWayThroughTimespecs, ()) {
    const Nanoseconds time = *rc::gen::inRange<Nanoseconds>(-1'000'000'000'000, 1LL << 60);

    const timespec split = to_timespec(time);

    RC_ASSERT(split.tv_nsec >= 0 && split.tv_nsec < nanoseconds_per_second);
    RC_ASSERT(to_nanoseconds(split) == time);
}

TEST(ClockArithmetic, TheEndOfTimeIsBroughtNearEnoughToAddToIt) {
    const Nanoseconds far =
        to_nanoseconds({.tv_sec = std::numeric_limits<time_t>::max(), .tv_nsec = 999'999'999});

    EXPECT_GT(far, nanoseconds_per_second * 3600 * 24 * 365 * 100);
    EXPECT_GT(far + far / 2, far);
}

}  // namespace squall::clock_shim
