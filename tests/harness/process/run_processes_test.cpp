#include "harness/process/run_processes.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <sys/wait.h>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "harness/failure.hpp"
#include "harness/process/child.hpp"
#include "history/jsonl.hpp"
#include "history/operation.hpp"
#include "support.hpp"

namespace squall::harness::process::test {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

Plan plan_of(std::uint32_t nodes, Duration time_limit) {
    Plan plan;
    plan.seed = 11;
    plan.nodes = nodes;
    plan.time_limit = time_limit;
    return plan;
}

void add(Plan& plan, const std::string& name, Time at, nemesis::Action action) {
    nemesis::PlannedFault fault;
    fault.id = plan.faults.size() + 1;
    fault.name = name;
    fault.at = at;
    fault.duration = 700ms;
    fault.action = std::move(action);
    plan.faults.push_back(std::move(fault));
}

/// One of three nodes, in both directions.
nemesis::LinkFault cut_off(NodeId node) {
    nemesis::LinkFault fault;
    for (NodeId other = 1; other <= 3; ++other) {
        if (other != node) {
            fault.rules[{node, other}].cut = true;
            fault.rules[{other, node}].cut = true;
        }
    }
    return fault;
}

nemesis::LinkFault delay_everything() {
    nemesis::LinkFault fault;
    for (const nemesis::Link link : {nemesis::Link{1, 2}, {2, 1}, {1, 3}, {3, 1}, {2, 3}, {3, 2}}) {
        fault.rules[link].delay = 5ms;
    }
    return fault;
}

/// Ids of processes that name the directory on their command line.
std::vector<std::string> processes_of(const std::string& directory) {
    std::vector<std::string> found;
    std::error_code error;
    for (std::filesystem::directory_iterator entries("/proc", error), end; entries != end;
         entries.increment(error)) {
        const std::string name = entries->path().filename();
        const bool is_process =
            std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (is_process && read_file(entries->path() / "cmdline").find(directory + "/nodes") !=
                              std::string::npos) {
            found.push_back(name);
        }
    }
    return found;
}

std::int64_t total_effect(const RunRecord& record, const std::string& name) {
    std::int64_t total = 0;
    for (const history::Event& event : record.events) {
        if (event.fault && event.fault->effect.contains(name)) {
            total += event.fault->effect.at(name);
        }
    }
    return total;
}

class Runs : public ::testing::Test {
  protected:
    RunRecord run(const Plan& plan, const std::string& binary = RAFT_NODE) {
        return run_processes(
            plan,
            {.run_directory = directory.path(), .node_binary = binary, .clock_shim = CLOCK_SHIM});
    }

    TemporaryDirectory directory;
};

}  // namespace

TEST_F(Runs, StormOfAllFaultsLeavesAHistoryThatPairsAndNothingElse) {
    Plan plan = plan_of(3, 5s);
    add(plan, "partition", 300ms, cut_off(1));
    add(plan, "packet", 1200ms, delay_everything());
    add(plan, "clock", 1300ms, nemesis::ClockFault{{{1, {.rate = 3}}, {2, {.rate = 0.5}}}});
    add(plan, "kill", 2200ms, nemesis::KillFault{{1}});
    add(plan, "pause", 3000ms, nemesis::PauseFault{{2}});
    // The same node from all sides at once. What of it takes effect is chance on a busy machine, on
    // which n1 may not yet run again.
    add(plan, "pause", 3900ms, nemesis::PauseFault{{3}});
    add(plan, "kill", 4000ms, nemesis::KillFault{{2, 3}});
    add(plan, "partition", 4100ms, cut_off(3));
    add(plan, "clock", 4150ms, nemesis::ClockFault{{{1, {.rate = 3}}, {3, {.rate = 0}}}});

    const RunRecord record = run(plan);

    EXPECT_EQ(record.void_reason, "");
    EXPECT_TRUE(record.unplanned_exits.empty());
    const history::Pairing pairing = history::pair(record.events);
    EXPECT_FALSE(pairing.error.has_value());
    const auto ok =
        std::count_if(pairing.operations.begin(), pairing.operations.end(), [](const auto& op) {
            return op.outcome == history::Outcome::ok;
        });
    EXPECT_GT(ok, 100);
    EXPECT_EQ(total_effect(record, "nodes_killed"), 3);
    // On a busy machine the kill of n3 may come before it has stopped.
    EXPECT_GE(total_effect(record, "nodes_paused"), 1);
    EXPECT_LE(total_effect(record, "nodes_paused"), 2);
    EXPECT_GT(total_effect(record, "messages_cut"), 0);
    EXPECT_GT(total_effect(record, "messages_delayed"), 0);
    EXPECT_GE(total_effect(record, "clock_changes"), 1);
    EXPECT_GT(total_effect(record, "clock_offset_ms_max"), 0);
    for (const checker::Check& check : record.trace_checks) {
        EXPECT_NE(check.verdict, checker::Verdict::invalid) << check.name << ": " << check.reason;
    }
    const history::Loaded kept = history::load_file(directory / "history.jsonl");
    EXPECT_FALSE(kept.error.has_value());
    EXPECT_EQ(kept.events, record.events);
    EXPECT_TRUE(processes_of(directory.path()).empty());
}

TEST_F(Runs, TracesCarryTrueTimeWhateverTheClocksShow) {
    Plan plan = plan_of(3, 2s);
    // Over a minute ahead at its end.
    add(plan,
        "clock",
        200ms,
        nemesis::ClockFault{{{1, {.rate = 100}}, {2, {.rate = 100}}, {3, {.rate = 100}}}});
    const std::int64_t before = Clock::now().time_since_epoch().count();

    const RunRecord record = run(plan);

    const std::int64_t after = Clock::now().time_since_epoch().count();
    EXPECT_EQ(record.void_reason, "");
    EXPECT_GE(total_effect(record, "clock_offset_ms_max"), 10'000);
    std::size_t stamps = 0;
    for (const char* node : {"1", "2", "3"}) {
        std::ifstream trace(directory / "nodes/" + node + "/trace/trace-1.jsonl");
        for (std::string line; std::getline(trace, line);) {
            constexpr std::string_view field = R"("t":)";
            if (const auto at = line.find(field); at != std::string::npos) {
                const std::int64_t stamp = std::stoll(line.substr(at + field.size()));
                ASSERT_GE(stamp, before);
                ASSERT_LE(stamp, after);
                ++stamps;
            }
        }
    }
    EXPECT_GT(stamps, 0U);
}

TEST_F(Runs, OnlyNodesOfAPlanWithClockFaultsHaveTheShim) {
    for (const bool bends : {false, true}) {
        Plan plan = plan_of(2, 1s);
        if (bends) {
            add(plan, "clock", 200ms, nemesis::ClockFault{{{1, {.rate = 2}}}});
        }
        const TemporaryDirectory here;
        std::size_t looked_at = 0;

        const RunRecord record =
            run_processes(plan,
                          {.run_directory = here.path(),
                           .node_binary = RAFT_NODE,
                           .clock_shim = CLOCK_SHIM,
                           .on_progress = [&](Time, const Progress&) {
                               for (const std::string& id : processes_of(here.path())) {
                                   const std::string maps = read_file("/proc/" + id + "/maps");
                                   EXPECT_EQ(maps.find(CLOCK_SHIM) != std::string::npos, bends);
                                   ++looked_at;
                               }
                           }});

        EXPECT_EQ(record.void_reason, "");
        EXPECT_GT(looked_at, 0U);
        EXPECT_EQ(read_file("/proc/self/maps").find(CLOCK_SHIM), std::string::npos);
        EXPECT_EQ(::getenv("LD_PRELOAD"), nullptr);
    }
}

TEST_F(Runs, ClocksThatCannotBeReachedAreAFailureBeforeAnythingStarts) {
    Plan plan = plan_of(3, 1s);
    add(plan, "clock", 100ms, nemesis::ClockFault{{{1, {.rate = 0}}}});

    try {
        (void)run_processes(plan,
                            {.run_directory = directory.path(),
                             .node_binary = RAFT_NODE,
                             .clock_shim = "/nowhere"});
        FAIL() << "ran";
    } catch (const Failure& failure) {
        EXPECT_NE(std::string(failure.what()).find("clock faults need /nowhere"), std::string::npos)
            << failure.what();
    }
}

TEST_F(Runs, NodesThatDoNotStartMakeTheRunVoid) {
    const RunRecord record = run(plan_of(2, 1s), "/bin/ls");

    EXPECT_NE(record.void_reason.find("exit code 2"), std::string::npos) << record.void_reason;
    EXPECT_NE(record.void_reason.find("/bin/ls --id"), std::string::npos);
    EXPECT_TRUE(record.unplanned_exits.empty()) << "it was asked for nonsense";
    EXPECT_NE(record.void_reason.find("unrecognized option"), std::string::npos);
    EXPECT_TRUE(record.events.empty());
}

TEST_F(Runs, MissingProgramIsAFailureBeforeAnythingStarts) {
    EXPECT_THROW(static_cast<void>(run(plan_of(2, 1s), directory / "missing")), Failure);
}

TEST_F(Runs, HistoryThatCannotBeWrittenIsAFailureThatNamesTheCause) {
    std::filesystem::create_symlink("/dev/full", directory / "history.jsonl");

    try {
        (void)run(plan_of(2, 1s));
        FAIL() << "ran";
    } catch (const std::exception& failure) {
        EXPECT_NE(std::string(failure.what()).find("No space left on device"), std::string::npos)
            << failure.what();
    }
    EXPECT_TRUE(processes_of(directory.path()).empty());
}

TEST_F(Runs, UnknownSystemIsAFailure) {
    Plan plan = plan_of(2, 1s);
    plan.system = "nothing";

    EXPECT_THROW(static_cast<void>(run(plan)), Failure);
}

// A node that crashes is a finding about the system, not a failure of the harness.
TEST_F(Runs, NodeThatDiesByItselfIsReported) {
    boost::asio::io_context io;
    const Plan plan = plan_of(3, 3s);
    const std::string data = directory / "nodes/2/data";
    bool shot = false;

    const RunRecord record = run_processes(
        plan,
        {.run_directory = directory.path(),
         .node_binary = RAFT_NODE,
         .on_progress = [&](Time, const Progress& progress) {
             for (const std::string& id : processes_of(directory.path())) {
                 const std::string command = read_file("/proc/" + id + "/cmdline");
                 if (!shot && progress.ok > 0 && command.find(data) != std::string::npos) {
                     shot = true;
                     ::kill(static_cast<pid_t>(std::stol(id)), SIGSEGV);
                 }
             }
         }});

    EXPECT_EQ(record.void_reason, "");
    ASSERT_EQ(record.unplanned_exits.size(), 1U);
    EXPECT_EQ(record.unplanned_exits.front().node, 2U);
    EXPECT_EQ(record.unplanned_exits.front().how, "signal 11 (Segmentation fault)");
}

// Nothing was done to it: what it did is its own, though there is no run.
TEST_F(Runs, NodeThatCrashesAtItsStartIsReported) {
    std::ofstream(directory / "suicide") << "#!/bin/sh\nkill -ABRT $$\n";
    std::filesystem::permissions(directory / "suicide", std::filesystem::perms::owner_all);

    const RunRecord record = run(plan_of(2, 1s), directory / "suicide");

    EXPECT_NE(record.void_reason.find("signal 6"), std::string::npos) << record.void_reason;
    ASSERT_FALSE(record.unplanned_exits.empty());
    EXPECT_EQ(record.unplanned_exits.front().how, "signal 6 (Aborted)");
}

// The helper runs a plan that pauses nodes for ever; it is killed while they are paused.
TEST_F(Runs, KilledControllerLeavesNoProcessAndACheckableHistory) {
    boost::asio::io_context io;
    Child controller(
        io, {RUN_HELPER, {RAFT_NODE, directory.path()}, directory / "log"}, [](int) {});
    const std::string history_file = directory / "history.jsonl";
    ASSERT_TRUE(run_until(io, [&] {
        return read_file(history_file).find(R"("phase":"begin")") != std::string::npos;
    })) << read_file(directory / "log");
    EXPECT_EQ(processes_of(directory.path()).size(), 3U);

    controller.signal(SIGKILL);
    const auto killed = std::chrono::steady_clock::now();

    EXPECT_TRUE(run_until(io, [&] { return processes_of(directory.path()).empty(); }));
    EXPECT_LT(std::chrono::steady_clock::now() - killed, 2s);
    const history::Loaded kept = history::load_file(history_file);
    EXPECT_FALSE(kept.error.has_value());
    EXPECT_FALSE(history::pair(kept.events).error.has_value());
}

}  // namespace squall::harness::process::test
