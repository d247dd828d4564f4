// `squall suite` as it is used night after night: with a store that another suite writes into or
// that another version wrote, with a disk that is full, with failures that are known. Simulated
// cells with a few seeds each, so that a suite ends long before its budget.
#include <filesystem>
#include <thread>

#include <nlohmann/json.hpp>

#include "../cli/command.hpp"
#include "harness/store/schema.hpp"
#include "harness/store/sqlite.hpp"
#include "harness/store/sqlite_store.hpp"

namespace squall::harness::cli {
namespace {

class SuiteCommand : public Command {
  protected:
    /// NAME.toml: one that passes and, with a bug, one that fails with each of its seeds.
    void write_suite(const std::string& name,
                     const std::string& more,
                     const std::string& configurations,
                     const std::string& time_limit = "3s") const {
        write(name + ".toml",
              "[suite]\nname = \"" + name + "\"\nbudget = \"20s\"\nseed = 5\nshrink = \"0s\"\n" +
                  more +
                  "[configuration.early]\nbug = \"ack-before-commit\"\n"
                  "[[matrix]]\nworkloads = [\"register\", \"append\"]\nprofiles = [\"kill\"]\n"
                  "nodes = [3]\nseeds = 4\ntime_limit = \"" +
                  time_limit + "\"\nconfigurations = [" + configurations + "]\n");
    }

    [[nodiscard]] Outcome suite(const std::string& name, const std::string& more = "") const {
        return squall("suite ./" + name + ".toml --out out-" + name + " " + more);
    }

    [[nodiscard]] std::string store_path() const { return directory_ + "/runs/suites.db"; }

    [[nodiscard]] nlohmann::json summary(const std::string& name) const {
        return nlohmann::json::parse(read("out-" + name + "/summary.json"));
    }

    /// Directories of attempts that are still there.
    [[nodiscard]] std::size_t kept(const std::string& name) const {
        std::size_t count = 0;
        std::error_code ignored;
        for (fs::recursive_directory_iterator entry(directory_ + "/out-" + name, ignored), last;
             entry != last;
             entry.increment(ignored)) {
            count += entry->path().filename() == "results.json" ? 1U : 0U;
        }
        return count;
    }
};

constexpr const char* good = "\"default\"";
constexpr const char* bad = "\"early\"";
constexpr const char* both = "\"default\", \"early\"";

TEST_F(SuiteCommand, TwoAtOnceShareAStore) {
    write_suite("one", "", good);
    write_suite("two", "", good);
    Outcome first;
    std::thread beside([&] { first = suite("one"); });

    const Outcome second = suite("two");

    beside.join();
    EXPECT_EQ(first.code, 0) << first.output;
    EXPECT_EQ(second.code, 0) << second.output;
    const auto store = store::open_sqlite_store(store_path());
    for (const char* name : {"one", "two"}) {
        const auto suites = store->suites(name, 10);
        ASSERT_EQ(suites.size(), 1U) << name;
        EXPECT_EQ(suites[0].state, store::SuiteState::finished);
        EXPECT_EQ(store->cells(suites[0].id).size(), 2U);
        std::uint64_t seeds = 0;
        for (const store::AttemptRow& attempt : store->attempts(suites[0].id)) {
            EXPECT_EQ(attempt.state, store::AttemptState::ended);
            seeds += attempt.seeds;
        }
        EXPECT_EQ(seeds, 8U) << name;
    }
    // Both wrote of the same cells.
    EXPECT_EQ(store->past(0).at("sim/raft-node/register/kill/n3/default").seeds, 8U);
}

TEST_F(SuiteCommand, GoesOnWithTheStoreOfAnOlderVersion) {
    write_suite("night", "", good);
    fs::create_directories(directory_ + "/runs");
    {
        store::Database database(store_path());
        store::migrate(database, 1);
        database.run(R"(
INSERT INTO suites (id, name, fingerprint, version, directory, seed, started, heartbeat, state,
                    verdict, host, boot_id, pid, start_ticks)
    VALUES (1, 'night', 'f', 'v0', '/gone', '9', 1, 2, 'finished', 'valid', 'h', 'b', 3, 4);
INSERT INTO cells (id, suite, ordinal, name, state, verdict)
    VALUES (1, 1, 0, 'sim/raft-node/register/kill/n3/default', 'done', 'valid');
INSERT INTO attempts (id, cell, number, state, first_seed, seeds, verdict, directory, started)
    VALUES (1, 1, 1, 'ended', '7', 5, 'valid', 'cells/0000/1', 1);
)");
    }

    const Outcome outcome = suite("night");

    EXPECT_EQ(outcome.code, 0) << outcome.output;
    const auto nights = summary("night").at("nights");
    ASSERT_EQ(nights.size(), 2U);
    EXPECT_EQ(nights[0].at("version"), "v0");
    EXPECT_EQ(nights[0].at("seeds"), 5);
}

TEST_F(SuiteCommand, RefusesTheStoreOfALaterVersion) {
    write_suite("night", "", good);
    fs::create_directories(directory_ + "/runs");
    store::Database(store_path()).run("PRAGMA user_version = 99");

    const Outcome outcome = suite("night");

    expect_refused(3, outcome, "runs/suites.db", "version 99", "--store");
    EXPECT_FALSE(fs::exists(directory_ + "/out-night"));
}

TEST_F(SuiteCommand, KeepsOneRunOfEachFailureWhenTheDiskIsFull) {
    // One run is larger than that.
    write_suite("full", "disk_budget = \"1MB\"\n", both, "12s");

    const Outcome outcome = suite("full");

    EXPECT_EQ(outcome.code, 1) << outcome.output;
    const nlohmann::json told = summary("full");
    std::size_t failures = 0;
    for (const auto& group : told.at("groups")) {
        failures += group.at("failures").get<std::size_t>();
    }
    EXPECT_GT(failures, told.at("groups").size()) << outcome.output;
    // What was deleted is still counted; what is left shows each failure.
    EXPECT_EQ(kept("full"), told.at("groups").size());
    const auto store = store::open_sqlite_store(store_path());
    EXPECT_EQ(store->failures(100).size(), failures);
    EXPECT_EQ(store->kept_runs().size(), told.at("groups").size());
    EXPECT_TRUE(fs::exists(told.at("groups")[0].at("directory").get<std::string>()));
}

TEST_F(SuiteCommand, KeepsEveryFailureWhenThereIsRoom) {
    write_suite("room", "", both);

    const Outcome outcome = suite("room");

    EXPECT_EQ(outcome.code, 1) << outcome.output;
    const auto store = store::open_sqlite_store(store_path());
    EXPECT_EQ(kept("room"), store->failures(100).size());
    for (const auto& cell : summary("room").at("cells")) {
        const bool fails = cell.at("name").get<std::string>().ends_with("/early");
        EXPECT_EQ(cell.at("verdict"), fails ? "invalid" : "valid");
        EXPECT_EQ(cell.at("kept").empty(), !fails) << cell;
    }
}

TEST_F(SuiteCommand, ReproducesWithARunThatNobodyHasRemoved) {
    write_suite("night", "", bad);
    EXPECT_EQ(squall("suite ./night.toml --out gone").code, 1);
    fs::remove_all(directory_ + "/gone");

    const Outcome outcome = suite("night");

    EXPECT_EQ(outcome.code, 1) << outcome.output;
    for (const auto& group : summary("night").at("groups")) {
        EXPECT_EQ(group.at("state"), "known") << group;
        EXPECT_TRUE(fs::exists(group.at("directory").get<std::string>())) << group;
    }
}

/// Some ten seconds, in which it mostly waits for clusters to start.
TEST_F(SuiteCommand, ShrinksAFailureOnProcesses) {
    write("stale.toml", R"(
[suite]
name = "stale"
budget = "50s"
jobs = 1
seed = 5
process_shrink = "2s"
failures_per_cell = 1
[configuration.stale]
bug = "stale-read"
[[matrix]]
tiers = ["process"]
workloads = ["register"]
profiles = ["none"]
nodes = [3]
time_limit = "1s"
configurations = ["stale"]
)");

    const Outcome outcome = suite("stale");

    EXPECT_EQ(outcome.code, 1) << outcome.output;
    EXPECT_NE(outcome.output.find("squall: SHRUNK"), std::string::npos) << outcome.output;
    const nlohmann::json told = summary("stale");
    ASSERT_EQ(told.at("groups").size(), 1U);
    EXPECT_EQ(told.at("groups")[0].at("failures"), 1);
    EXPECT_EQ(told.at("groups")[0].at("faults"), "none");
    const std::string run = told.at("groups")[0].at("directory").get<std::string>() + "/run";
    const auto operations = [](const std::string& path) {
        std::ifstream file(path);
        return nlohmann::json::parse(file).at("operations").at("main").at("ok").get<std::size_t>();
    };
    EXPECT_LT(operations(run + "/shrunk/results.json"), operations(run + "/results.json"));
}

TEST_F(SuiteCommand, WhatIsInQuarantineDoesNotCount) {
    write_suite("known",
                "[[quarantine]]\ncell = \"*/early\"\nreason = \"issue 12\"\nuntil = 2999-12-31\n",
                bad);

    const Outcome outcome = suite("known", "--stop-on-failure");

    EXPECT_EQ(outcome.code, 0) << outcome.output;
    EXPECT_NE(outcome.output.find("quarantined"), std::string::npos) << outcome.output;
    EXPECT_NE(outcome.output.find("issue 12"), std::string::npos) << outcome.output;
    // It was not stopped by them either.
    EXPECT_EQ(summary("known").at("cells")[1].at("state"), "done");
}

TEST_F(SuiteCommand, AfterTheQuarantineItCountsAgain) {
    write_suite("known",
                "[[quarantine]]\ncell = \"*/early\"\nreason = \"issue 12\"\nuntil = 2020-01-01\n",
                bad);

    const Outcome outcome = suite("known");

    EXPECT_EQ(outcome.code, 1) << outcome.output;
    EXPECT_EQ(outcome.output.find("quarantined"), std::string::npos) << outcome.output;
}

}  // namespace
}  // namespace squall::harness::cli
