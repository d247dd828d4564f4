#include "harness/process/cpu_waits.hpp"

#include <chrono>
#include <unistd.h>

#include <gtest/gtest.h>

#include "harness/process/thread_times.hpp"

namespace squall::harness::process {
namespace {

using namespace std::chrono_literals;

constexpr pid_t thread = 7;

ThreadReadings reading(history::Duration ran,
                       history::Duration waited,
                       std::uint64_t turns,
                       bool runnable = true) {
    return {{thread, {.ran = ran, .waited = waited, .turns = turns, .runnable = runnable}}};
}

TEST(CpuWaits, WhatAThreadWaitedBeforeItWasKnownDoesNotCount) {
    CpuWaits waits;
    waits.see(reading(1ms, 900ms, 3), 100ms);
    EXPECT_EQ(waits.take_worst(), 0ms);
}

TEST(CpuWaits, NeighbouringIntervalsAddUp) {
    CpuWaits waits;
    waits.see(reading(0ms, 0ms, 1), 100ms);
    waits.see(reading(10ms, 60ms, 2), 100ms);
    waits.see(reading(20ms, 130ms, 3), 100ms);
    EXPECT_EQ(waits.take_worst(), 130ms);
    waits.see(reading(30ms, 130ms, 4), 100ms);
    EXPECT_EQ(waits.take_worst(), 70ms);
    waits.see(reading(40ms, 130ms, 5), 100ms);
    EXPECT_EQ(waits.take_worst(), 0ms);
}

TEST(CpuWaits, AWaitThatIsNotOverCountsAlreadyAndOnlyOnce) {
    CpuWaits waits;
    waits.see(reading(5ms, 0ms, 1), 100ms);
    waits.see(reading(5ms, 0ms, 1), 100ms);
    waits.see(reading(5ms, 0ms, 1), 100ms);
    EXPECT_EQ(waits.take_worst(), 200ms);
    waits.see(reading(6ms, 250ms, 2), 100ms);
    EXPECT_EQ(waits.take_worst(), 150ms);
}

TEST(CpuWaits, ThreadsThatSleepOrRunDoNotWait) {
    CpuWaits waits;
    waits.see(reading(5ms, 0ms, 1, false), 100ms);
    waits.see(reading(5ms, 0ms, 1, false), 100ms);
    EXPECT_EQ(waits.take_worst(), 0ms);
    waits.see(reading(5ms, 0ms, 2), 100ms);
    waits.see(reading(105ms, 0ms, 2), 100ms);
    EXPECT_EQ(waits.take_worst(), 0ms);
}

TEST(CpuWaits, AThreadThatEndedIsForgotten) {
    CpuWaits waits;
    waits.see(reading(0ms, 0ms, 1), 100ms);
    waits.see({}, 100ms);
    waits.see(reading(0ms, 500ms, 2), 100ms);
    EXPECT_EQ(waits.take_worst(), 0ms);
}

TEST(ThreadTimes, AreThoseOfTheProcessesThreads) {
    ThreadReadings threads;
    read_threads(getpid(), threads);
    const auto own = threads.find(gettid());
    if (own == threads.end() || own->second.turns == 0) {
        GTEST_SKIP() << "the kernel does not say how long threads wait";
    }
    EXPECT_TRUE(own->second.runnable);
    EXPECT_GE(own->second.ran, 0ms);
}

TEST(ThreadTimes, OfNoProcessAreNone) {
    ThreadReadings threads;
    read_threads(0, threads);
    EXPECT_TRUE(threads.empty());
}

}  // namespace
}  // namespace squall::harness::process
