#include "harness/process/child.hpp"

#include <csignal>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

extern "C" {
#include <sys/pidfd.h>
}

#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>

#include "harness/failure.hpp"
#include "support.hpp"

namespace squall::harness::process::test {

namespace {

class Children : public ::testing::Test {
  protected:
    std::unique_ptr<Child> spawn(const std::string& script) {
        return spawn_program("/bin/sh", {"-c", script});
    }

    std::unique_ptr<Child> spawn_program(const std::string& program,
                                         std::vector<std::string> arguments) {
        return std::make_unique<Child>(io,
                                       Command{program, std::move(arguments), directory / "log"},
                                       [this](int status) { exited = status; });
    }

    bool until(const std::function<bool()>& condition) { return run_until(io, condition); }

    [[nodiscard]] std::string log() const { return read_file(directory / "log"); }

    boost::asio::io_context io;
    TemporaryDirectory directory;
    std::optional<int> exited;
};

}  // namespace

TEST_F(Children, ReportTheirExit) {
    const auto child = spawn("exit 3");

    EXPECT_TRUE(until([&] { return exited.has_value(); }));
    EXPECT_EQ(describe_exit(*exited), "exit code 3");
    EXPECT_FALSE(child->running());
}

TEST_F(Children, ReportTheSignalThatEndedThem) {
    const auto child = spawn("kill -ABRT $$");

    EXPECT_TRUE(until([&] { return exited.has_value(); }));
    EXPECT_EQ(describe_exit(*exited), "signal 6 (Aborted)");
}

TEST_F(Children, AppendBothOutputsToTheLog) {
    const auto first = spawn("echo out; echo err >&2");
    EXPECT_TRUE(until([&] { return exited.has_value(); }));
    exited.reset();
    const auto second = spawn("echo again");

    EXPECT_TRUE(until([&] { return exited.has_value(); }));
    EXPECT_EQ(log(), "out\nerr\nagain\n");
}

TEST_F(Children, InheritNoDescriptorAndReadNothing) {
    // Two descriptors of ours that are not marked close-on-exec.
    int leak[2] = {-1, -1};
    ASSERT_EQ(::pipe(leak), 0);

    const auto child = spawn("ls /proc/$$/fd; cat");

    EXPECT_TRUE(until([&] { return exited.has_value(); }));
    EXPECT_EQ(log(), "0\n1\n2\n");
    ::close(leak[0]);
    ::close(leak[1]);
}

TEST_F(Children, LeadAProcessGroupOfTheirOwn) {
    const auto child = spawn("sleep 1000");

    EXPECT_EQ(::getpgid(child->id()), child->id());
}

TEST_F(Children, StopAndGoOn) {
    const auto child = spawn_program("/bin/sleep", {"1000"});

    child->signal(SIGSTOP);
    EXPECT_TRUE(until([&] { return child->stopped(); }));
    child->signal(SIGCONT);
    EXPECT_TRUE(until([&] { return !child->stopped(); }));

    EXPECT_TRUE(child->running());
    EXPECT_FALSE(exited.has_value());
}

TEST_F(Children, DieWhileStopped) {
    const auto child = spawn("sleep 1000");
    child->signal(SIGSTOP);
    EXPECT_TRUE(until([&] { return child->stopped(); }));

    child->signal(SIGKILL);

    EXPECT_TRUE(until([&] { return exited.has_value(); }));
    EXPECT_EQ(describe_exit(*exited), "signal 9 (Killed)");
}

TEST_F(Children, AreGoneWhenTheirOwnerIs) {
    auto child = spawn("sleep 1000");
    const pid_t id = child->id();

    child.reset();

    EXPECT_EQ(::kill(id, 0), -1);
    EXPECT_FALSE(exited.has_value());
}

TEST_F(Children, TakeTheirOwnChildrenWithThem) {
    const auto child = spawn("sleep 1000 & echo $!; exit 4");

    EXPECT_TRUE(until([&] { return exited.has_value(); }));
    EXPECT_EQ(describe_exit(*exited), "exit code 4");
    // A zombie may stay until somebody reaps it.
    const std::string grandchild = "/proc/" + log().substr(0, log().size() - 1) + "/cmdline";
    EXPECT_TRUE(until([&] { return read_file(grandchild).empty(); }));
}

TEST_F(Children, CanBeWaitedForWithoutTheLoop) {
    const auto child = spawn("exit 0");

    EXPECT_TRUE(child->wait(std::chrono::seconds(20)));
    EXPECT_FALSE(child->running());
}

TEST_F(Children, ThatCannotBeExecutedAreAFailure) {
    try {
        const auto child = spawn_program(directory / "missing", {"--flag"});
        FAIL();
    } catch (const Failure& failure) {
        EXPECT_NE(std::string(failure.what()).find("missing --flag"), std::string::npos);
    }
}

// The helper spawns a child that stops itself, prints its id and waits to be killed.
TEST_F(Children, DieWithTheirParentEvenWhenStopped) {
    const auto parent = spawn_program(SPAWN_HELPER, {directory / "grandchild-log"});
    const auto printed_id = [&] {
        const std::string text = log();
        return text.ends_with('\n') ? static_cast<pid_t>(std::stol(text)) : pid_t{0};
    };
    ASSERT_TRUE(until([&] { return printed_id() != 0; }));
    const int grandchild = ::pidfd_open(printed_id(), 0);
    ASSERT_GE(grandchild, 0);

    parent->signal(SIGKILL);

    pollfd poller{grandchild, POLLIN, 0};
    EXPECT_EQ(::poll(&poller, 1, 2000), 1);
    ::close(grandchild);
}

}  // namespace squall::harness::process::test
