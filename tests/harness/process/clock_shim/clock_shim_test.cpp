// Programs under the clock shim, measured by raw clocks. No bound depends on the machine's speed:
// a wait that ends late proves nothing, so waits are checked from below to the nanosecond, and from
// above by rates at which minutes pass in no time. How exact they are: clock_shim_bench.
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>

#include <elf.h>
#include <gtest/gtest.h>

#include "harness/process/clock_control.hpp"
#include "harness/process/clock_support.hpp"
#include "shimmed.hpp"
#include "tests/harness/process/support.hpp"

namespace squall::harness::process::test {

namespace {

using nemesis::ClockRule;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

nanoseconds raw_now() {
    timespec now{};
    ::syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    return seconds(now.tv_sec) + nanoseconds(now.tv_nsec);
}

std::vector<std::string> probe(const std::string& what, milliseconds time = {}) {
    return {CLOCK_PROBE, what, std::to_string(time.count())};
}

struct Waited {
    nanoseconds took{};
    nanoseconds ended_at{};
};

/// Zeros when the program did not end within the bound.
Waited waited(Shimmed& program) {
    std::istringstream line(program.line());
    nanoseconds::rep took = 0;
    nanoseconds::rep end = 0;
    line >> took >> end;
    return {nanoseconds(took), nanoseconds(end)};
}

/// A reading of a clock, between two readings of raw time.
struct Reading {
    nanoseconds::rep before = 0;
    nanoseconds::rep shown = 0;
    nanoseconds::rep after = 0;
};

Reading read(Shimmed& program, const std::string& way, clockid_t clock) {
    std::istringstream line(program.answer(way + " " + std::to_string(clock)));
    Reading reading;
    line >> reading.before >> reading.shown >> reading.after;
    EXPECT_GT(reading.after, 0) << line.str();
    return reading;
}

class ClockShimWaits : public ::testing::TestWithParam<const char*> {
  protected:
    ClockControl clock;
};

class ClockShimReads : public ::testing::TestWithParam<const char*> {
  protected:
    ClockControl clock;
};

}  // namespace

TEST_P(ClockShimWaits, TakeAtLeastTwiceAsLongAtHalfTheRate) {
    clock.set({.rate = 0.5});

    Shimmed program(clock, probe(GetParam(), milliseconds(150)));

    EXPECT_EQ(program.line(), "started");
    EXPECT_GE(waited(program).took, milliseconds(300));
}

TEST_P(ClockShimWaits, PassMinutesInNoTimeAtAHighRateButNoSoonerThanTheClock) {
    clock.set({.rate = 1000});

    Shimmed program(clock, probe(GetParam(), seconds(120)));

    EXPECT_EQ(program.line(), "started");
    EXPECT_GE(waited(program).took, milliseconds(120));
}

TEST_P(ClockShimWaits, StandStillWithTheClockAndGoOnWithIt) {
    clock.set({.rate = 0});
    Shimmed program(clock, probe(GetParam(), milliseconds(150)));
    EXPECT_EQ(program.line(), "started");
    EXPECT_FALSE(program.says_something_within(milliseconds(250)));
    const nanoseconds goes_on = raw_now();

    // Not the empty rule, which sets the wall clock right.
    clock.set({.rate = 1, .realtime_jump = -nanoseconds(1)});

    EXPECT_GE(waited(program).ended_at, goes_on + milliseconds(150));
}

TEST_P(ClockShimWaits, FollowANewRateWhileTheyLast) {
    Shimmed program(clock, probe(GetParam(), std::chrono::hours(1)));
    EXPECT_EQ(program.line(), "started");
    EXPECT_FALSE(program.says_something_within(milliseconds(30)));

    clock.set({.rate = 50'000});

    EXPECT_GT(waited(program).took, nanoseconds(0));
}

INSTANTIATE_TEST_SUITE_P(All,
                         ClockShimWaits,
                         ::testing::Values("sleep_for",
                                           "sleep_until",
                                           "usleep",
                                           "cv_steady",
                                           "cv_system",
                                           "timed_mutex",
                                           "shared_mutex",
                                           "shared_mutex_shared",
                                           "c_condition",
                                           "c_mutex",
                                           "semaphore",
                                           "cpp_semaphore",
                                           "future",
                                           "timedjoin",
                                           "sigtimedwait",
                                           "poll",
                                           "select",
                                           "epoll",
                                           "timerfd",
                                           "timerfd_abs",
                                           "timerfd_realtime",
                                           "setitimer"),
                         [](const auto& each) { return std::string(each.param); });

TEST_P(ClockShimReads, RunAtExactlyTheCommandedRate) {
    Shimmed program(clock, probe("answer"));
    for (const double rate : {0.5, 2.0, 5.0, 0.0, 1.0}) {
        clock.set({.rate = rate});

        const Reading a = read(program, GetParam(), CLOCK_MONOTONIC);
        EXPECT_FALSE(program.says_something_within(milliseconds(20)));
        const Reading b = read(program, GetParam(), CLOCK_MONOTONIC);

        constexpr double rounding = 2;
        const auto shown = static_cast<double>(b.shown - a.shown);
        EXPECT_GE(shown, rate * static_cast<double>(b.before - a.after) - rounding);
        EXPECT_LE(shown, rate * static_cast<double>(b.after - a.before) + rounding);
    }
}

TEST_P(ClockShimReads, AreContinuousThroughAChangeOfRate) {
    Shimmed program(clock, probe("answer"));
    Reading last = read(program, GetParam(), CLOCK_MONOTONIC);
    for (int i = 0; i < 100; ++i) {
        clock.set({.rate = i % 2 == 0 ? 3.0 : 0.0});

        const Reading now = read(program, GetParam(), CLOCK_MONOTONIC);
        EXPECT_GE(now.shown, last.shown);
        EXPECT_LE(now.shown - last.shown, 3 * (now.after - last.before) + 2);
        last = now;
    }
}

INSTANTIATE_TEST_SUITE_P(All,
                         ClockShimReads,
                         ::testing::Values("libc", "vdso"),
                         [](const auto& each) { return std::string(each.param); });

TEST(ClockShim, EveryWayToReadTheWallClockSeesAJumpAtOnceAndItsEnd) {
    constexpr nanoseconds::rep day = 86'400'000'000'000;
    for (const char* way : {"libc", "vdso", "gettimeofday", "timespec_get", "time"}) {
        SCOPED_TRACE(way);
        ClockControl clock;
        Shimmed program(clock, probe("answer"));
        // Of the wall clock from raw time; one that shows whole seconds is off by up to one.
        const auto offset = [&] {
            const Reading reading = read(program, way, CLOCK_REALTIME);
            return reading.shown - reading.before;
        };
        const auto before = offset();

        clock.set({.realtime_jump = -nanoseconds(day)});
        EXPECT_NEAR(static_cast<double>(offset() - before), -day, 30e9);
        EXPECT_EQ(clock.reading().changes, 1U);
        EXPECT_NEAR(static_cast<double>(clock.reading().offset_max.count()), day, 2e9);

        clock.set({});
        EXPECT_NEAR(static_cast<double>(offset() - before), 0, 30e9);
        EXPECT_EQ(clock.reading().changes, 1U);
    }
}

TEST(ClockShim, MonotonicTimeNeverGoesBackForAnyThreadAtAnyChange) {
    ClockControl clock;
    Shimmed program(clock, probe("steps_back"));
    EXPECT_EQ(program.line(), "started");
    const double rates[] = {5, 0.2, 0, 1, 3.7, 0.01};
    const nanoseconds end = raw_now() + milliseconds(500);
    for (int i = 0; i < 500 || raw_now() < end; ++i) {
        clock.set({.rate = rates[i % 6], .realtime_jump = milliseconds(i % 7)});
    }

    program.end_input();

    EXPECT_EQ(program.line(), "never");
    EXPECT_GT(clock.reading().changes, 0U);
}

TEST(ClockShim, LeavesAProgramWithoutAFaultAlone) {
    ClockControl clock;
    Shimmed program(clock, probe("answer"));

    const Reading monotonic = read(program, "libc", CLOCK_MONOTONIC);

    EXPECT_LE(monotonic.before, monotonic.shown);
    EXPECT_LE(monotonic.shown, monotonic.after);
    EXPECT_EQ(clock.reading().offset_max, seconds(0));
    EXPECT_EQ(clock.reading().changes, 0U);
}

TEST(ClockShim, AProgramThatReadsNoClockUnderTheRuleShowsNoEffect) {
    ClockControl clock;
    Shimmed idle(clock, probe("idle"));
    EXPECT_EQ(idle.line(), "started");

    clock.set({.rate = 5, .realtime_jump = seconds(100)});
    EXPECT_FALSE(idle.says_something_within(milliseconds(50)));

    EXPECT_EQ(clock.reading().changes, 0U);
    EXPECT_EQ(clock.reading().offset_max, seconds(0));
}

TEST(ClockShim, AJumpOfTheWallClockIsNoEffectOnAProgramThatReadsTheMonotonicOne) {
    ClockControl clock;
    Shimmed program(clock, probe("answer"));
    clock.set({.realtime_jump = seconds(100)});

    (void)read(program, "libc", CLOCK_MONOTONIC);

    EXPECT_EQ(clock.reading().changes, 0U);
    EXPECT_EQ(clock.reading().offset_max, seconds(0));
}

TEST(ClockShim, WhatIsReadUnderAnEarlierRuleCountsForNoLaterOne) {
    ClockControl clock;
    Shimmed program(clock, probe("answer"));
    clock.set({.rate = 5});
    clock.restart_measurement();
    (void)read(program, "libc", CLOCK_MONOTONIC);

    clock.set({.rate = 4});
    EXPECT_EQ(clock.reading().changes, 0U);

    (void)read(program, "libc", CLOCK_MONOTONIC);
    EXPECT_EQ(clock.reading().changes, 1U);
}

TEST(ClockShim, OffsetIsMeasuredFromTheLastUndisturbedTime) {
    ClockControl clock;
    Shimmed program(clock, probe("answer"));
    clock.set({.rate = 5});
    EXPECT_FALSE(program.says_something_within(milliseconds(100)));
    (void)read(program, "libc", CLOCK_MONOTONIC);
    EXPECT_GE(clock.reading().offset_max, milliseconds(390));
    clock.set({});

    clock.restart_measurement();
    (void)read(program, "libc", CLOCK_MONOTONIC);

    EXPECT_EQ(clock.reading().offset_max, seconds(0));
}

TEST(ClockShim, IsInTheEnvironmentOfTheChildAlone) {
    const ClockControl clock;
    const Shimmed program(clock, probe("answer"));

    EXPECT_EQ(std::getenv("LD_PRELOAD"), nullptr);
    EXPECT_EQ(std::getenv("SQUALL_CLOCK_PAGE"), nullptr);
}

TEST(ClockSupport, AStaticProgramIsUnsupportedWithAMessage) {
    const auto problem = clock_problem(STATIC_PROGRAM, CLOCK_SHIM);

    ASSERT_TRUE(problem.has_value());
    EXPECT_NE(problem->find("statically linked"), std::string::npos);
    EXPECT_FALSE(clock_problem(CLOCK_PROBE, CLOCK_SHIM).has_value());
    EXPECT_NE(clock_problem(CLOCK_PROBE, "/nowhere/shim.so")->find("missing"), std::string::npos);
}

TEST(ClockSupport, AProgramOfAnotherKindIsUnsupportedAndAScriptMayWork) {
    const TemporaryDirectory directory;
    const std::string foreign = directory / "foreign";
    std::filesystem::copy_file(CLOCK_PROBE, foreign);
    std::fstream file(foreign, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(EI_CLASS).put(ELFCLASS32);
    file.close();
    const std::string script = directory / "script";
    std::ofstream(script) << "#!/bin/sh\n";

    const auto problem = clock_problem(foreign, CLOCK_SHIM);

    ASSERT_TRUE(problem.has_value());
    EXPECT_NE(problem->find("32 bits"), std::string::npos);
    EXPECT_FALSE(clock_problem(script, CLOCK_SHIM).has_value());
}

}  // namespace squall::harness::process::test
