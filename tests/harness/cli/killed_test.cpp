// squall is killed, at any moment and whichever of its processes it is: nothing is left of it but
// the directory of the run, whose history can be checked.
#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <netinet/in.h>
#include <random>
#include <signal.h>
#include <string>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "storm.hpp"

namespace squall::harness::cli {
namespace {

namespace fs = std::filesystem;

using std::chrono::milliseconds;

class Killed : public Storm {
  protected:
    /// A storm of three nodes; its main phase takes 1 s.
    [[nodiscard]] pid_t start_short_storm(const char* faults) const {
        return start({"run",
                      "--nodes",
                      "3",
                      "--time-limit",
                      "1",
                      "--faults",
                      faults,
                      "--interval",
                      "0.2",
                      "--out",
                      run_});
    }

    [[nodiscard]] bool reached(const std::string& event) const {
        return eventually(milliseconds(20'000),
                          [&] { return history().find(event) != std::string::npos; });
    }

    /// Has it, though nobody has reaped it? Then its id is still its own.
    [[nodiscard]] static bool ended(pid_t pid) {
        siginfo_t info{};
        waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT);
        return info.si_pid == pid;
    }

    void expect_nothing_left(const std::set<std::string>& addresses) const {
        EXPECT_TRUE(nothing_left()) << to_string(running());
        const std::set<std::string> open = listening();
        for (const std::string& address : addresses) {
            EXPECT_FALSE(open.contains(address)) << address;
        }
        EXPECT_TRUE(files_in(directory_ + "/tmp", true).empty());
        EXPECT_EQ(files_in("/dev/shm", false), shared_memory_);
    }

    std::set<std::string> shared_memory_ = files_in("/dev/shm", false);
};

/// The detector itself: it finds a stopped process in a session of its own, and its socket.
TEST_F(Killed, LeftoversAreFound) {
    const pid_t leftover = fork();
    if (leftover == 0) {
        setsid();
        setenv("SQUALL_TEST_MARK", directory_.c_str(), 1);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int listener = socket(AF_INET, SOCK_STREAM, 0);
        const bool listens =
            bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 &&
            listen(listener, 1) == 0;
        if (listens) {
            execlp("sh", "sh", "-c", "kill -STOP $$", nullptr);
        }
        _exit(127);
    }
    const bool found = eventually(milliseconds(20'000), [&] {
        return running().size() == 1 && running().front().state == 'T';
    });
    const std::size_t sockets = listening(running()).size();

    kill(leftover, SIGKILL);
    static_cast<void>(exit_code(leftover));
    EXPECT_TRUE(found);
    EXPECT_EQ(sockets, 1U);
    EXPECT_TRUE(running().empty());
}

/// Where in the course of a run it is killed, and how much later at most.
struct Landmark {
    const char* name;
    const char* event;  ///< In the history, or the name of a file of the run; nullptr: the start.
    int later_ms_max;
};

TEST_F(Killed, LeavesNothingAtAnyMoment) {
    constexpr Landmark set_up{"set-up", nullptr, 300};
    constexpr Landmark starting{"nodes starting", "/nodes/3/log", 150};
    constexpr Landmark main{"main", "phase: main", 900};
    constexpr Landmark paused{"paused", "\"pause\",\"phase\":\"begin\"", 30};
    constexpr Landmark faulty{"faulty", "\"phase\":\"begin\"", 200};
    constexpr Landmark settle{"settle", "phase: settle", 500};
    constexpr Landmark final_reads{"final reads", "phase: final", 60};
    constexpr Landmark teardown{"teardown", "phase: done", 60};
    constexpr Landmark judging{"judging", "/realised.json", 20};
    constexpr std::array landmarks = {
        set_up,  starting, faulty,   set_up,   paused, starting, main,        faulty,   teardown,
        set_up,  starting, paused,   settle,   set_up, faulty,   final_reads, starting, main,
        judging, set_up,   teardown, starting, faulty, set_up,   paused};
    constexpr int moments = 50;
    const unsigned seed = std::random_device()();
    std::printf("seed %u\n", seed);
    std::mt19937 random(seed);
    int with_stopped_nodes = 0;
    int too_late = 0;

    for (int i = 0; i < moments && !HasFailure(); ++i) {
        const Landmark& landmark = landmarks[static_cast<std::size_t>(i) % landmarks.size()];
        const auto later =
            static_cast<unsigned>(random()) % static_cast<unsigned>(landmark.later_ms_max * 1000);
        SCOPED_TRACE(std::string(landmark.name) + " and " + std::to_string(later) + " us, seed " +
                     std::to_string(seed));
        const pid_t squall =
            start_short_storm(landmark.name == paused.name ? "pause" : "pause,kill");
        const std::string event = landmark.event == nullptr ? "" : landmark.event;
        ASSERT_TRUE(eventually(milliseconds(20'000), [&] {
            return event.empty() ||
                   (event.front() == '/' ? fs::exists(run_ + event)
                                         : history().find(event) != std::string::npos) ||
                   ended(squall);
        })) << log();
        usleep(later);
        const std::vector<FoundProcess> alive = running();
        with_stopped_nodes += std::any_of(
            alive.begin(), alive.end(), [](const auto& process) { return process.state == 'T'; });
        const std::set<std::string> addresses = listening(alive);

        too_late += ended(squall);
        kill(squall, SIGKILL);
        waitpid(squall, nullptr, 0);

        expect_nothing_left(addresses);
        std::error_code ignored;
        fs::remove_all(run_, ignored);
    }
    std::printf("of %d moments, nodes were stopped at %d; %d came after the end\n",
                moments,
                with_stopped_nodes,
                too_late);
    EXPECT_GT(with_stopped_nodes, 0);
    EXPECT_LT(too_late, moments / 2);
}

TEST_F(Killed, HistoryUpToThenIsCheckable) {
    const pid_t squall = start({"run", "--faults", "pause", "--interval", "0.5", "--out", run_});
    // In the middle, while nodes are paused: that is what the history says last.
    ASSERT_TRUE(eventually(milliseconds(30'000), [&] {
        const std::string text = history();
        const auto begin = text.rfind("\"phase\":\"begin\"");
        return begin != std::string::npos &&
               text.find("\"phase\":\"end\"", begin) == std::string::npos;
    })) << log();
    EXPECT_EQ(naming(running(), "/nodes/").size(), 5U) << to_string(running());

    kill(squall, SIGKILL);
    static_cast<void>(exit_code(squall));

    EXPECT_TRUE(nothing_left()) << to_string(running());
    EXPECT_EQ(check(run_), 0) << log();
}

/// Nodes whose real program hides: in the background, in a session of its own.
TEST_F(Killed, ChildrenOfNodesAreEndedToo) {
    const std::string script = node_script("setsid \"$node\" \"$@\" & exec sleep 1000");
    const pid_t squall = start({"run", "--faults", "none", "--node-binary", script, "--out", run_});
    ASSERT_TRUE(reached("phase: main")) << log();
    const std::vector<FoundProcess> alive = running();
    ASSERT_EQ(naming(alive, "sleep 1000").size(), 5U) << to_string(alive);
    ASSERT_EQ(naming(alive, RAFT_NODE).size(), 5U) << to_string(alive);

    kill(squall, SIGKILL);
    static_cast<void>(exit_code(squall));

    expect_nothing_left(listening(alive));
}

TEST_F(Killed, ChildrenOfNodesDoNotOutliveANormalEndEither) {
    const std::string script = node_script("setsid sleep 1000 & exec \"$node\" \"$@\"");
    const int code = exit_code(start({"run",
                                      "--faults",
                                      "none",
                                      "--time-limit",
                                      "1",
                                      "--nodes",
                                      "3",
                                      "--node-binary",
                                      script,
                                      "--out",
                                      run_}));

    EXPECT_EQ(code, 0) << log();
    EXPECT_TRUE(running().empty()) << to_string(running());
}

TEST_F(Killed, WhatWasRunningBeforeIsLeftAlone) {
    // The shell's own child becomes squall's when the shell becomes squall.
    const pid_t shell = fork();
    if (shell == 0) {
        setenv("SQUALL_TEST_MARK", directory_.c_str(), 1);
        const std::string line = "sleep 1000 & exec " SQUALL_PROGRAM
                                 " run --nodes 3 --time-limit 1 --faults none --out " +
                                 run_ + " > " + directory_ + "/squall.log 2>&1";
        execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
        _exit(127);
    }

    EXPECT_EQ(exit_code(shell), 0) << log();

    const std::vector<FoundProcess> alive = running();
    ASSERT_EQ(alive.size(), 1U) << to_string(alive);
    EXPECT_EQ(naming(alive, "sleep 1000").size(), 1U);
}

/// Of squall's three processes those two that are not the one that the user started.
class KilledInside : public Killed, public ::testing::WithParamInterface<const char*> {};

TEST_P(KilledInside, IsVoidAndLeavesNothing) {
    const std::string script = node_script("setsid \"$node\" \"$@\" & wait");
    const pid_t squall = start({"run", "--faults", "none", "--node-binary", script, "--out", run_});
    ASSERT_TRUE(reached("phase: main")) << log();
    const std::vector<FoundProcess> alive = running();
    const std::string name = GetParam();
    const auto victim = std::find_if(alive.begin(), alive.end(), [&](const auto& process) {
        return process.id != squall &&
               content_of("/proc/" + std::to_string(process.id) + "/comm") == name + "\n";
    });
    ASSERT_NE(victim, alive.end()) << to_string(alive);

    kill(victim->id, SIGKILL);

    EXPECT_EQ(exit_code(squall), 3) << log();
    EXPECT_NE(log().find("ended by signal 9"), std::string::npos) << log();
    if (name == "reaper") {
        // Without it only what stays in its session can be found.
        for (const FoundProcess& process : naming(running(), RAFT_NODE)) {
            kill(process.id, SIGKILL);
        }
    }
    expect_nothing_left({});
}

INSTANTIATE_TEST_SUITE_P(Processes,
                         KilledInside,
                         ::testing::Values("squall", "reaper"),
                         [](const auto& parameters) { return std::string(parameters.param); });

}  // namespace
}  // namespace squall::harness::cli
