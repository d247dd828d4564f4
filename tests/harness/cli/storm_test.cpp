// The two commands of the README, short: a storm that a correct cluster survives, and a bug that is
// convicted. And what a storm leaves behind when squall itself is killed in the middle of it:
// nothing but a history that can be checked.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <signal.h>
#include <string>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

namespace squall::harness::cli {
namespace {

namespace fs = std::filesystem;

/// Does something until it holds; the bound only ends a test that has failed.
template <typename Condition>
bool eventually(std::chrono::milliseconds bound, Condition holds) {
    const auto end = std::chrono::steady_clock::now() + bound;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > end) {
            return false;
        }
        const timespec pause{0, 5'000'000};
        nanosleep(&pause, nullptr);
    }
    return true;
}

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Processes whose command line names this directory, other than squall itself.
std::vector<pid_t> processes_of(const std::string& directory, pid_t squall) {
    std::vector<pid_t> found;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const pid_t pid = std::atoi(entry.path().filename().c_str());
        if (pid > 0 && pid != squall &&
            content_of(entry.path() / "cmdline").find(directory) != std::string::npos) {
            found.push_back(pid);
        }
    }
    return found;
}

class Storm : public ::testing::Test {
  protected:
    Storm() {
        std::string pattern = ::testing::TempDir() + "squall-storm-XXXXXX";
        directory_ = ::mkdtemp(pattern.data());
    }

    ~Storm() override {
        std::error_code ignored;
        fs::remove_all(directory_, ignored);
    }

    [[nodiscard]] pid_t start(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), SQUALL_PROGRAM);
        std::vector<char*> words;
        for (std::string& argument : arguments) {
            words.push_back(argument.data());
        }
        words.push_back(nullptr);
        const std::string log = directory_ + "/squall.log";
        const pid_t pid = fork();
        if (pid == 0) {
            const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
            dup2(out, STDOUT_FILENO);
            dup2(out, STDERR_FILENO);
            execv(words[0], words.data());
            _exit(127);
        }
        return pid;
    }

    [[nodiscard]] static int exit_code(pid_t pid) {
        int status = 0;
        waitpid(pid, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

    [[nodiscard]] std::string log() const { return content_of(directory_ + "/squall.log"); }

    [[nodiscard]] int check(const std::string& run) const {
        return exit_code(start({"check", run + "/history.jsonl"}));
    }

    std::string directory_;
};

TEST_F(Storm, CorrectClusterSurvives) {
    const std::string run = directory_ + "/run";

    const int code = exit_code(start({"run", "--time-limit", "12", "--seed", "7", "--out", run}));

    EXPECT_EQ(code, 0) << log();
    EXPECT_NE(content_of(run + "/results.json").find("\"verdict\": \"valid\""), std::string::npos);
    EXPECT_FALSE(content_of(run + "/report.md").empty());
    EXPECT_EQ(processes_of(run, 0).size(), 0U);
    EXPECT_EQ(check(run), 0) << log();
}

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

TEST_F(Storm, NothingOutlivesAKilledSquallAndItsHistoryIsCheckable) {
    const std::string run = directory_ + "/run";
    const pid_t squall = start({"run", "--faults", "pause", "--interval", "0.5", "--out", run});
    // In the middle, while nodes are paused: that is what the history says last.
    const bool paused = eventually(std::chrono::seconds(30), [&] {
        const std::string history = content_of(run + "/history.jsonl");
        const auto begin = history.rfind("\"phase\":\"begin\"");
        return begin != std::string::npos &&
               history.find("\"phase\":\"end\"", begin) == std::string::npos;
    });
    ASSERT_TRUE(paused) << log();
    EXPECT_EQ(processes_of(run, squall).size(), 5U);

    kill(squall, SIGKILL);
    static_cast<void>(exit_code(squall));

    EXPECT_TRUE(eventually(std::chrono::seconds(2), [&] { return processes_of(run, 0).empty(); }));
    EXPECT_EQ(check(run), 0) << log();
}

TEST_F(Storm, InterruptHealsJudgesAndReports) {
    const std::string run = directory_ + "/run";
    const pid_t squall = start({"run", "--faults", "none", "--out", run});
    ASSERT_TRUE(eventually(std::chrono::seconds(30), [&] {
        return content_of(run + "/history.jsonl").size() > 50'000;
    })) << log();

    kill(squall, SIGINT);

    EXPECT_EQ(exit_code(squall), 0) << log();
    EXPECT_NE(content_of(run + "/history.jsonl").find("phase: done"), std::string::npos);
    EXPECT_FALSE(content_of(run + "/report.md").empty());
}

}  // namespace
}  // namespace squall::harness::cli
