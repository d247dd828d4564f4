// SIGINT and SIGTERM, in every phase of a run: the first heals, stops, judges what there is and
// reports; the second stops at once. Neither leaves anything running.
#include <atomic>
#include <cstdio>
#include <ostream>
#include <signal.h>
#include <string>
#include <string_view>
#include <tuple>

#include "harness/cli/stop_signals.hpp"
#include "storm.hpp"

namespace squall::harness::cli {
namespace {

using std::chrono::milliseconds;

/// When the signal comes, and what the run is then worth.
struct Moment {
    const char* name;
    const char* event;  ///< In the history; a path: a file of the run.
    int code;
    const char* note;  ///< In squall's output or in the history.

    friend std::ostream& operator<<(std::ostream& out, const Moment& moment) {
        return out << moment.name;
    }
};

class Interrupted : public Storm {
  protected:
    [[nodiscard]] std::size_t succeeded() const {
        static constexpr std::string_view ok = "\"type\":\"ok\"";
        const std::string all = history();
        std::size_t count = 0;
        for (std::size_t at = all.find(ok); at != std::string::npos; at = all.find(ok, at + 1)) {
            ++count;
        }
        return count;
    }

    [[nodiscard]] bool reached(const std::string& event) const {
        return eventually(milliseconds(30'000), [&] {
            return event.front() == '/' ? !content_of(run_ + event).empty()
                                        : history().find(event) != std::string::npos;
        });
    }

    void expect_all_reports() const {
        for (const char* file : {"/results.json", "/report.md", "/report.html", "/junit.xml"}) {
            EXPECT_FALSE(content_of(run_ + file).empty()) << file;
        }
    }
};

class InterruptedAt : public Interrupted,
                      public ::testing::WithParamInterface<std::tuple<int, Moment>> {};

std::string name_of(const ::testing::TestParamInfo<std::tuple<int, Moment>>& parameters) {
    const auto& [number, moment] = parameters.param;
    return std::string(number == SIGINT ? "INT_" : "TERM_") + moment.name;
}

TEST_P(InterruptedAt, JudgesWhatThereIsAndReports) {
    const auto& [number, moment] = GetParam();
    // Many keys make the final reads long enough to be met.
    const pid_t squall = start({"run",
                                "--faults",
                                "pause",
                                "--interval",
                                "0.5",
                                "--time-limit",
                                moment.code == 0 && moment.note[0] == '\0' ? "2" : "60",
                                "--keys",
                                "500",
                                "--out",
                                run_});
    ASSERT_TRUE(reached(moment.event)) << log();
    if (moment.code == 0) {  // Enough to judge.
        ASSERT_TRUE(eventually(milliseconds(30'000), [&] { return succeeded() > 200; }));
    }

    kill(squall, number);

    EXPECT_EQ(exit_code(squall), moment.code) << log();
    EXPECT_NE((log() + history()).find(moment.note), std::string::npos) << log();
    EXPECT_TRUE(running().empty()) << to_string(running());
    expect_all_reports();
}

INSTANTIATE_TEST_SUITE_P(
    Signals,
    InterruptedAt,
    ::testing::Combine(::testing::Values(SIGINT, SIGTERM),
                       ::testing::Values(Moment{"setup", "/plan.json", 3, "interrupted while"},
                                         Moment{
                                             "paused", "\"phase\":\"begin\"", 0, "stop requested"},
                                         Moment{"final_reads", "phase: final", 0, ""},
                                         Moment{"judging", "phase: done", 0, ""})),
    name_of);

TEST_F(Interrupted, TwiceStopsAtOnce) {
    const pid_t squall = start({"run", "--faults", "none", "--out", run_});
    ASSERT_TRUE(reached("phase: main")) << log();

    kill(squall, SIGINT);
    ASSERT_TRUE(reached("stop requested")) << log();
    kill(squall, SIGINT);

    EXPECT_EQ(exit_code(squall), 3) << log();
    EXPECT_NE(log().find("interrupted twice"), std::string::npos) << log();
    EXPECT_EQ(history().find("phase: final"), std::string::npos);
    EXPECT_TRUE(running().empty()) << to_string(running());
    expect_all_reports();
}

TEST(StopSignals, SecondOneEndsTheJudging) {
    const auto interrupt_twice = [] {
        const std::atomic<int>& requests = watch_stop_signals();
        only_judging_is_left();
        raise(SIGINT);
        std::fprintf(stderr, "%d seen, still here; ", requests.load());
        raise(SIGTERM);
    };

    EXPECT_EXIT(interrupt_twice(), ::testing::ExitedWithCode(3), "1 seen, still here.*interrupted");
}

}  // namespace
}  // namespace squall::harness::cli
