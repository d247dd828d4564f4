#include "harness/process/node_process.hpp"

#include <fstream>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "support.hpp"

namespace squall::harness::process::test {

namespace {

/// A node whose whole life is a sleep.
class Nodes : public ::testing::Test {
  protected:
    std::unique_ptr<NodeProcess> node(const std::string& script = "exec sleep 1000") {
        return std::make_unique<NodeProcess>(
            io,
            7,
            Command{"/bin/sh", {"-c", script}, directory / "log"},
            NodeProcess::Events{
                .started = [this](auto) { events.emplace_back("started"); },
                .paused = [this](auto) { events.emplace_back("paused"); },
                .resumed = [this](auto) { events.emplace_back("resumed"); },
                .killed = [this](auto) { events.emplace_back("killed"); },
                .died = [this](auto,
                               const std::string& how) { events.push_back("died: " + how); }});
    }

    bool until_last(const std::string& event) {
        return run_until(io, [&] { return !events.empty() && events.back() == event; });
    }

    using Events = std::vector<std::string>;

    boost::asio::io_context io;
    TemporaryDirectory directory;
    Events events;
};

}  // namespace

TEST_F(Nodes, StartingIsIdempotent) {
    const auto node = this->node();

    node->want(false, false);
    node->want(false, false);

    EXPECT_EQ(events, Events{"started"});
    EXPECT_TRUE(node->up());
}

TEST_F(Nodes, AreRestartedOnlyAfterTheOldIncarnationHasEnded) {
    const auto node = this->node();
    node->want(false, false);

    node->want(true, false);
    node->want(false, false);

    EXPECT_TRUE(run_until(io, [&] { return events.size() == 3; }));
    EXPECT_EQ(events, (Events{"started", "killed", "started"}));
}

TEST_F(Nodes, PauseAndResume) {
    const auto node = this->node();
    node->want(false, false);

    node->want(false, true);
    EXPECT_TRUE(until_last("paused"));
    EXPECT_TRUE(node->paused());
    node->want(false, false);

    EXPECT_EQ(events, (Events{"started", "paused", "resumed"}));
    EXPECT_TRUE(node->up());
}

TEST_F(Nodes, KilledWhilePausedComeBackPausedIfStillHeld) {
    const auto node = this->node();
    node->want(false, true);
    EXPECT_TRUE(until_last("paused"));

    node->want(true, true);
    EXPECT_TRUE(until_last("killed"));
    node->want(false, true);
    EXPECT_TRUE(until_last("paused"));
    node->want(false, false);

    EXPECT_EQ(events, (Events{"started", "paused", "killed", "started", "paused", "resumed"}));
}

TEST_F(Nodes, EndingUnaskedIsReportedAndNotRepaired) {
    const auto node = this->node("exit 3");
    node->want(false, false);

    EXPECT_TRUE(until_last("died: exit code 3"));
    node->want(false, false);

    EXPECT_FALSE(node->up());
    EXPECT_EQ(events.size(), 2U);
}

TEST_F(Nodes, EndOnRequestEvenWhenPaused) {
    const auto node = this->node("trap 'echo bye; exit 0' TERM; while :; do sleep 0.01; done");
    node->want(false, true);
    EXPECT_TRUE(until_last("paused"));

    node->ask_to_end();
    const NodeProcess::Ending ending = node->finish(std::chrono::seconds(20));

    EXPECT_FALSE(node->up());
    EXPECT_EQ(ending.crash, "");
    EXPECT_FALSE(ending.had_to_die);
    EXPECT_EQ(events, (Events{"started", "paused"}));
}

TEST_F(Nodes, ThatDoNotEndOnRequestAreKilled) {
    const auto node = this->node("trap '' TERM; echo deaf; while :; do sleep 0.01; done");
    node->want(false, false);
    EXPECT_TRUE(run_until(io, [&] { return read_file(directory / "log") == "deaf\n"; }));

    node->ask_to_end();
    const NodeProcess::Ending ending = node->finish(std::chrono::milliseconds(10));

    EXPECT_FALSE(node->up());
    EXPECT_TRUE(ending.had_to_die);
    EXPECT_EQ(ending.crash, "");
}

TEST_F(Nodes, ThatEndBadlyOnRequestHaveCrashed) {
    const auto node = this->node("trap 'exit 3' TERM; echo on; while :; do sleep 0.01; done");
    node->want(false, false);
    EXPECT_TRUE(run_until(io, [&] { return read_file(directory / "log") == "on\n"; }));

    node->ask_to_end();

    EXPECT_EQ(node->finish(std::chrono::seconds(20)).crash, "exit code 3");
}

TEST_F(Nodes, ThatEndWithoutAWordDieOfTheRequest) {
    const auto node = this->node();
    node->want(false, false);

    node->ask_to_end();

    EXPECT_EQ(node->finish(std::chrono::seconds(20)).crash, "");
}

TEST(LastWords, AreTheLastLines) {
    const TemporaryDirectory directory;
    std::ofstream(directory / "log") << "a\nb\nc\n";

    EXPECT_EQ(last_words(directory / "log", 2), "b\nc");
    EXPECT_EQ(last_words(directory / "log", 5), "a\nb\nc");
    EXPECT_EQ(last_words(directory / "missing", 5), "");
}

TEST(Logs, AreTrimmedWhenTheyGrowTooLong) {
    const TemporaryDirectory directory;
    std::ofstream(directory / "log") << std::string(100, 'x');

    EXPECT_FALSE(trim_log(directory / "log", 100));
    EXPECT_EQ(read_file(directory / "log").size(), 100U);
    EXPECT_TRUE(trim_log(directory / "log", 99));
    EXPECT_EQ(
        read_file(directory / "log"),
        "squall: 100 bytes of this log were dropped; it went on:\n" + std::string(100, 'x') + "\n");
}

// As fast as one can read: what is read must not depend on when the writer pauses.
TEST(LastWords, AreBoundedWhileTheNodeWrites) {
    const TemporaryDirectory directory;
    boost::asio::io_context io;
    const Child writer(
        io, {"/bin/sh", {"-c", "exec head -c 300000000 /dev/zero"}, directory / "log"}, [](int) {});
    ASSERT_TRUE(run_until(io, [&] { return !read_file(directory / "log").empty(); }));

    while (writer.running()) {
        EXPECT_LE(last_words(directory / "log", 5).size(), 4096U);
        io.poll();
    }
}

}  // namespace squall::harness::process::test
