// Programs under the clock shim, measured by raw clocks. The bounds are wide above, where a busy
// machine delays everything, and narrow below, where nothing but a fault of the shim can be.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <poll.h>
#include <string>

#include <gtest/gtest.h>

#include "harness/process/clock_control.hpp"
#include "harness/process/clock_support.hpp"

namespace squall::harness::process::test {

namespace {

using nemesis::ClockRule;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// A command under the shim, read line by line.
class Shimmed {
  public:
    Shimmed(const ClockControl& clock, const std::string& command) {
        std::string line;
        for (const auto& [name, value] : clock_environment(CLOCK_SHIM, clock.path())) {
            line += name + "='" + value + "' ";
        }
        pipe_.reset(::popen(("exec env " + line + command).c_str(), "r"));
    }

    /// Empty at the end.
    std::string line() {
        char buffer[256];
        if (pipe_ == nullptr || std::fgets(buffer, sizeof(buffer), pipe_.get()) == nullptr) {
            return "";
        }
        std::string text(buffer);
        text.pop_back();
        return text;
    }

    [[nodiscard]] bool says_something_within(milliseconds time) const {
        pollfd output{::fileno(pipe_.get()), POLLIN, 0};
        return ::poll(&output, 1, static_cast<int>(time.count())) > 0;
    }

  private:
    struct Close {
        void operator()(std::FILE* pipe) const { ::pclose(pipe); }
    };

    std::unique_ptr<std::FILE, Close> pipe_;
};

std::string probe(const std::string& what, milliseconds time) {
    return std::string(CLOCK_PROBE) + " " + what + " " + std::to_string(time.count());
}

void expect_about(const std::string& measured, double expected) {
    const double ms = std::strtod(measured.c_str(), nullptr);
    EXPECT_GE(ms, 0.95 * expected - 2) << measured;
    EXPECT_LE(ms, 1.15 * expected + 100) << measured;
}

class ClockShimWaits : public ::testing::TestWithParam<const char*> {
  protected:
    ClockControl clock;
};

}  // namespace

TEST_P(ClockShimWaits, TakeTwiceAsLongAtHalfTheRate) {
    clock.set({.rate = 0.5});

    Shimmed program(clock, probe(GetParam(), milliseconds(300)));

    EXPECT_EQ(program.line(), "started");
    expect_about(program.line(), 600);
    EXPECT_GT(clock.reading().reads, 0U);
}

TEST_P(ClockShimWaits, TakeHalfAsLongAtTwiceTheRate) {
    clock.set({.rate = 2});

    Shimmed program(clock, probe(GetParam(), milliseconds(800)));

    EXPECT_EQ(program.line(), "started");
    expect_about(program.line(), 400);
}

TEST_P(ClockShimWaits, StandStillWithTheClockAndGoOnWithIt) {
    clock.set({.rate = 0});
    Shimmed program(clock, probe(GetParam(), milliseconds(150)));
    EXPECT_EQ(program.line(), "started");
    EXPECT_FALSE(program.says_something_within(milliseconds(300)));

    clock.set({});

    EXPECT_TRUE(program.says_something_within(seconds(10)));
    EXPECT_GE(std::strtod(program.line().c_str(), nullptr), 250);
}

TEST_P(ClockShimWaits, FollowANewRateWhileTheyLast) {
    Shimmed program(clock, probe(GetParam(), milliseconds(900)));
    EXPECT_EQ(program.line(), "started");

    clock.set({.rate = 5});

    expect_about(program.line(), 180);
}

INSTANTIATE_TEST_SUITE_P(All,
                         ClockShimWaits,
                         ::testing::Values("sleep_for",
                                           "sleep_until",
                                           "usleep",
                                           "cv_steady",
                                           "cv_system",
                                           "timed_mutex",
                                           "semaphore",
                                           "poll",
                                           "select",
                                           "epoll",
                                           "timerfd",
                                           "timerfd_abs",
                                           "timerfd_realtime",
                                           "setitimer"),
                         [](const auto& each) { return std::string(each.param); });

TEST(ClockShim, LeavesAProgramWithoutAFaultAlone) {
    const ClockControl clock;

    Shimmed program(clock, probe("cv_system", milliseconds(300)));

    EXPECT_EQ(program.line(), "started");
    expect_about(program.line(), 300);
    EXPECT_EQ(clock.reading().offset_max, seconds(0));
}

TEST(ClockShim, RealtimeJumpsAndThePageShowsThatItWasSeen) {
    ClockControl clock;
    Shimmed program(clock, probe("jump", seconds(0)));
    while (clock.reading().reads == 0) {
        ASSERT_FALSE(program.says_something_within(milliseconds(1)));
    }

    clock.set({.realtime_jump = -std::chrono::hours(24)});

    EXPECT_EQ(program.line(), "-86400");
    EXPECT_NEAR(std::chrono::duration<double>(clock.reading().offset_max).count(), 86400, 1);
    EXPECT_EQ(clock.reading().changes, 1U);
}

TEST(ClockShim, MonotonicTimeNeverGoesBack) {
    ClockControl clock;
    Shimmed program(clock, probe("steps_back", milliseconds(500)));
    const double rates[] = {5, 0.2, 0, 1, 3.7, 0.01};
    for (int i = 0; !program.says_something_within(milliseconds(0)); ++i) {
        clock.set({.rate = rates[i % 6], .realtime_jump = milliseconds(i % 7)});
    }

    EXPECT_EQ(program.line(), "never");
    EXPECT_GT(clock.reading().changes, 100U);
}

TEST(ClockShim, OffsetIsMeasuredFromTheLastUndisturbedTime) {
    ClockControl clock;
    clock.set({.rate = 5});
    Shimmed fast(clock, probe("sleep_for", milliseconds(500)));
    fast.line();
    fast.line();
    EXPECT_GE(clock.reading().offset_max, milliseconds(390));
    clock.set({});

    clock.restart_measurement();
    Shimmed undisturbed(clock, probe("sleep_for", milliseconds(20)));
    undisturbed.line();
    undisturbed.line();

    EXPECT_EQ(clock.reading().offset_max, seconds(0));
}

TEST(ClockShim, ARunningPythonSeesAJump) {
    if (std::system("python3 -c pass >/dev/null 2>&1") != 0) {
        GTEST_SKIP() << "python3 is not installed";
    }
    ClockControl clock;
    Shimmed program(clock,
                    "python3 -u -c 'import time\n"
                    "last = time.time()\n"
                    "print(\"started\")\n"
                    "while abs(time.time() - last) < 1000:\n"
                    "    last = time.time()\n"
                    "    time.sleep(0.01)\n"
                    "print(round(time.time() - last, -1))'");
    EXPECT_EQ(program.line(), "started");

    clock.set({.realtime_jump = seconds(5000)});

    EXPECT_TRUE(program.says_something_within(seconds(10)));
    EXPECT_EQ(program.line(), "5000.0");
}

TEST(ClockSupport, AStaticProgramIsUnsupportedWithAMessage) {
    const auto problem = clock_problem(STATIC_PROGRAM, CLOCK_SHIM);

    ASSERT_TRUE(problem.has_value());
    EXPECT_NE(problem->find("statically linked"), std::string::npos);
    EXPECT_FALSE(clock_problem(CLOCK_PROBE, CLOCK_SHIM).has_value());
    EXPECT_NE(clock_problem(CLOCK_PROBE, "/nowhere/shim.so")->find("missing"), std::string::npos);
}

}  // namespace squall::harness::process::test
