// The two commands of the README, short: a storm that a correct cluster survives, and a bug that is
// convicted. And what is no bug: a machine that is full, crowded or busy.
#include "storm.hpp"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <ostream>
#include <signal.h>
#include <string>
#include <sys/mount.h>
#include <thread>
#include <unistd.h>

namespace squall::harness::cli {
namespace {

namespace fs = std::filesystem;

TEST_F(Storm, CorrectClusterSurvives) {
    const std::string run = directory_ + "/run";

    const int code = exit_code(start({"run", "--time-limit", "12", "--seed", "7", "--out", run}));

    EXPECT_EQ(code, 0) << log();
    EXPECT_NE(content_of(run + "/results.json").find("\"verdict\": \"valid\""), std::string::npos);
    EXPECT_FALSE(content_of(run + "/report.md").empty());
    EXPECT_TRUE(running().empty()) << to_string(running());
    EXPECT_EQ(check(run), 0) << log();
}

class StormOfWorkload : public Storm, public ::testing::WithParamInterface<const char*> {};

TEST_P(StormOfWorkload, IsValidOnACorrectCluster) {
    const std::string run = directory_ + "/run";

    const int code = exit_code(start(
        {"run", "--workload", GetParam(), "--faults", "none", "--time-limit", "4", "--out", run}));

    EXPECT_EQ(code, 0) << log();
    EXPECT_NE(content_of(run + "/results.json").find("claimed-order"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(All, StormOfWorkload, ::testing::Values("append", "set", "counter"));

/// A bug, and whether clients alone can see it.
struct Convicted {
    const char* bug;
    int code_of_history;

    friend std::ostream& operator<<(std::ostream& out, const Convicted& convicted) {
        return out << convicted.bug;
    }
};

class StormWithBug : public Storm, public ::testing::WithParamInterface<Convicted> {};

TEST_P(StormWithBug, IsConvicted) {
    const std::string run = directory_ + "/run";

    const int code = exit_code(
        start({"run", "--time-limit", "12", "--seed", "7", "--bug", GetParam().bug, "--out", run}));

    EXPECT_EQ(code, 1) << log();
    EXPECT_EQ(check(run), GetParam().code_of_history) << log();
}

INSTANTIATE_TEST_SUITE_P(Zoo,
                         StormWithBug,
                         ::testing::Values(Convicted{"stale-read", 1},
                                           Convicted{"ack-before-commit", 1},
                                           // Two leaders of one term are rare in 12 s; the traces
                                           // show the lost votes.
                                           Convicted{"term-not-persisted", 0}),
                         [](const auto& parameters) {
                             std::string name = parameters.param.bug;
                             std::replace(name.begin(), name.end(), '-', '_');
                             return name;
                         });

TEST_F(Storm, FullDiskIsVoidNotABug) {
    const std::string disk = directory_ + "/disk";
    fs::create_directory(disk);
    if (mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=96m") != 0) {
        GTEST_SKIP() << "needs root to mount a small disk";
    }
    // Five preallocated logs of 16 MiB leave little for histories and traces.
    const int code =
        exit_code(start({"run", "--faults", "none", "--rate", "0", "--out", disk + "/run"}));
    umount2(disk.c_str(), MNT_DETACH);

    EXPECT_EQ(code, 3) << log();
    EXPECT_NE(log().find("o space left"), std::string::npos) << log();
}

TEST_F(Storm, TwoAtOnceDoNotMeet) {
    const auto run = [&](const std::string& name) {
        return start({"run",
                      "--nodes",
                      "3",
                      "--faults",
                      "kill,pause",
                      "--interval",
                      "1",
                      "--time-limit",
                      "5",
                      "--rate",
                      "200",
                      "--out",
                      directory_ + name});
    };
    const pid_t one = run("/one");
    const pid_t other = run("/other");

    EXPECT_EQ(exit_code(one), 0) << log();
    EXPECT_EQ(exit_code(other), 0) << log();
}

/// A busy machine makes a cluster slow, not wrong.
TEST_F(Storm, BesideCpuHogsIsNeverInvalid) {
    std::vector<pid_t> hogs;
    for (unsigned i = 0; i < 2 * std::thread::hardware_concurrency(); ++i) {
        hogs.push_back(fork());
        if (hogs.back() == 0) {
            alarm(60);  // Whatever happens to us.
            for (std::atomic<unsigned> spins = 0;; ++spins) {
            }
        }
    }

    const int code =
        exit_code(start({"run", "--time-limit", "6", "--interval", "1", "--out", run_}));
    for (const pid_t hog : hogs) {
        kill(hog, SIGKILL);
        static_cast<void>(exit_code(hog));
    }

    EXPECT_TRUE(code == 0 || code == 2) << "exit code " << code << log();
}

}  // namespace
}  // namespace squall::harness::cli
