// A small suite with real processes, killed in the middle again and again: whoever resumes it loses
// no cell and repeats none, and nothing that it had started lives on.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "../cli/leftovers.hpp"
#include "harness/store/sqlite_store.hpp"

namespace squall::harness::cli {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr const char* tiny = R"(
[suite]
name = "tiny"
budget = "14s"
jobs = 2
seed = 5
shrink = "1s"
[[matrix]]
tiers = ["process"]
profiles = ["kill"]
nodes = [3]
time_limit = "2s"
[[matrix]]
tiers = ["sim"]
workloads = ["register", "append"]
profiles = ["kill", "pause", "none"]
nodes = [3]
time_limit = "5s"
)";

class KilledSuite : public ::testing::Test {
  protected:
    KilledSuite() {
        std::string pattern = ::testing::TempDir() + "squall-suite-XXXXXX";
        directory_ = ::mkdtemp(pattern.data());
        std::ofstream(directory_ + "/tiny.toml") << tiny;
        mark_ = mark_of(directory_);
    }

    ~KilledSuite() override {
        std::error_code ignored;
        fs::remove_all(directory_, ignored);
    }

    [[nodiscard]] pid_t start() const {
        const pid_t id = ::fork();
        if (id == 0) {
            ::setenv("SQUALL_TEST_MARK", directory_.c_str(), 1);
            const int log = ::open(
                (directory_ + "/log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
            ::dup2(log, STDOUT_FILENO);
            ::dup2(log, STDERR_FILENO);
            static_cast<void>(!::chdir(directory_.c_str()));
            ::execl(
                SQUALL_PROGRAM, SQUALL_PROGRAM, "suite", "./tiny.toml", "--out", "out", nullptr);
            ::_exit(127);
        }
        return id;
    }

    [[nodiscard]] std::string log() const { return content_of(directory_ + "/log"); }

    [[nodiscard]] static bool eventually(const std::function<bool()>& holds) {
        const auto deadline = steady_clock::now() + std::chrono::seconds(120);
        while (steady_clock::now() < deadline) {
            if (holds()) {
                return true;
            }
            ::usleep(20'000);
        }
        return holds();
    }

    [[nodiscard]] static int exit_code(pid_t id) {
        int status = 0;
        ::waitpid(id, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    /// Of the suite that this test runs.
    [[nodiscard]] std::size_t attempts(store::AttemptState state) const {
        if (!fs::exists(path())) {
            return 0;
        }
        const auto store = store::open_sqlite_store(path());
        const auto suite = store->unfinished("tiny");
        return suite ? static_cast<std::size_t>(std::ranges::count(
                           store->attempts(suite->id), state, &store::AttemptRow::state))
                     : 0;
    }

    [[nodiscard]] std::string path() const { return directory_ + "/runs/suites.db"; }

    std::string directory_;
    std::string mark_;
};

TEST_F(KilledSuite, LosesNoCellAndRepeatsNone) {
    for (const std::size_t ended : {0U, 1U, 3U}) {
        const pid_t squall = start();
        ASSERT_TRUE(eventually([&] {
            return attempts(store::AttemptState::ended) >= ended &&
                   attempts(store::AttemptState::open) > 0;
        })) << log();
        ::kill(squall, SIGKILL);
        ::waitpid(squall, nullptr, 0);
        EXPECT_TRUE(eventually([&] { return processes_with(mark_).empty(); }))
            << to_string(processes_with(mark_));
    }

    const int code = exit_code(start());

    EXPECT_EQ(code, 0) << log();
    const auto store = store::open_sqlite_store(path());
    const auto suites = store->suites("tiny", 10);
    ASSERT_EQ(suites.size(), 1U) << log();
    EXPECT_EQ(suites[0].state, store::SuiteState::finished);
    std::map<store::RowId, std::map<std::uint64_t, std::uint64_t>> seeds;
    std::size_t lost = 0;
    for (const store::AttemptRow& attempt : store->attempts(suites[0].id)) {
        EXPECT_NE(attempt.state, store::AttemptState::open);
        lost += attempt.state == store::AttemptState::lost ? 1U : 0U;
        if (attempt.state == store::AttemptState::ended) {
            EXPECT_TRUE(seeds[attempt.cell].emplace(attempt.first_seed, attempt.seeds).second);
        }
    }
    EXPECT_GE(lost, 3U);
    const auto cells = store->cells(suites[0].id);
    EXPECT_EQ(cells.size(), 7U);
    for (const store::CellRow& cell : cells) {
        EXPECT_EQ(cell.state, store::CellState::done) << cell.name << log();
        // No seed of a cell was run twice.
        std::uint64_t next = 0;
        for (const auto& [first, count] : seeds[cell.id]) {
            EXPECT_GE(first, next) << cell.name;
            next = first + count;
        }
        EXPECT_FALSE(seeds[cell.id].empty()) << cell.name;
    }
    for (const char* file : {"summary.json", "summary.md", "junit.xml", "index.html"}) {
        EXPECT_FALSE(content_of(directory_ + "/out/" + file).empty()) << file;
    }
    // Passing runs leave nothing but their rows.
    EXPECT_TRUE(store->kept_runs().empty());
}

TEST_F(KilledSuite, InterruptedItCanBeResumed) {
    const pid_t squall = start();
    ASSERT_TRUE(eventually([&] { return attempts(store::AttemptState::open) > 0; })) << log();

    ::kill(squall, SIGINT);

    EXPECT_EQ(exit_code(squall), 3) << log();
    EXPECT_NE(log().find("the same command resumes it"), std::string::npos) << log();
    EXPECT_EQ(attempts(store::AttemptState::open), 0U);
    EXPECT_TRUE(eventually([&] { return processes_with(mark_).empty(); }))
        << to_string(processes_with(mark_));
}

TEST_F(KilledSuite, TwoAtOnceAreRefused) {
    const pid_t one = start();
    ASSERT_TRUE(eventually([&] { return attempts(store::AttemptState::open) > 0; })) << log();

    EXPECT_EQ(exit_code(start()), 64) << log();

    EXPECT_NE(log().find("is being run by process " + std::to_string(one)), std::string::npos)
        << log();
    ::kill(one, SIGKILL);
    ::waitpid(one, nullptr, 0);
    EXPECT_TRUE(eventually([&] { return processes_with(mark_).empty(); }));
}

}  // namespace
}  // namespace squall::harness::cli
