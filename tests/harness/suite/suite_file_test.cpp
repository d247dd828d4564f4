// What a suite file says, and every way in which it can be wrong: the message names the line.
#include <gtest/gtest.h>

#include "vocabulary.hpp"

namespace squall::harness::suite {
namespace {

struct Bad {
    const char* name;
    std::string text;
    std::string message;

    friend std::ostream& operator<<(std::ostream& out, const Bad& bad) { return out << bad.name; }
};

class BadSuite : public ::testing::TestWithParam<Bad> {};

TEST_P(BadSuite, IsRefusedWithItsPlaceAndARemedy) {
    EXPECT_EQ(refusal(GetParam().text), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Every,
    BadSuite,
    ::testing::Values(
        Bad{"empty", "", "s.toml: suite: is missing; begin with [suite], a name and a budget"},
        Bad{"no_name",
            "[suite]\nbudget = \"5m\"\n",
            "s.toml:1:1: suite.name: is missing; results of all nights are kept under it"},
        Bad{"odd_name",
            "[suite]\nname = \"../x\"\n",
            "s.toml:2:8: suite.name: \"../x\" is no name; use up to 40 of a-z, 0-9, - and _"},
        Bad{"unknown_key",
            "[suite]\nname = \"a\"\nbugdet = \"5m\"\n",
            "s.toml:3:1: suite.bugdet: there is no such field; did you mean \"budget\"?"},
        Bad{"budget",
            "[suite]\nname = \"a\"\nbudget = \"5 minutes\"\n",
            "s.toml:3:10: suite.budget: \"5 minutes\" is no budget from 5 s to 7 days; write one "
            "such as \"5m\", \"8h\" or \"until 02:00\""},
        Bad{"until",
            "[suite]\nname = \"a\"\nbudget = \"until 25:00\"\n",
            "s.toml:3:10: suite.budget: \"until 25:00\" is no budget from 5 s to 7 days; write one "
            "such as \"5m\", \"8h\" or \"until 02:00\""},
        Bad{"number_for_text",
            "[suite]\nname = 5\n",
            "s.toml:2:8: suite.name: must be a text, and is a whole number"},
        Bad{"jobs", head + "jobs = 1000\n", "s.toml:4:8: suite.jobs: 1000 is not from 1 to 256"},
        Bad{"negative", head + "jobs = -1\n", "s.toml:4:8: suite.jobs: -1 is not from 1 to 256"},
        Bad{"disk",
            head + "disk_budget = \"20\"\n",
            "s.toml:4:15: suite.disk_budget: \"20\" is no size from 1MB to 1000TB; write one such "
            "as \"20GB\""},
        Bad{"no_matrix",
            head,
            "s.toml: matrix: is missing; add a [[matrix]] that says what is to be run"},
        Bad{"workload",
            head + "[[matrix]]\nworkloads = [\"registre\"]\n",
            "s.toml:5:14: matrix[0].workloads[0]: none of the systems has a workload \"registre\"; "
            "did you mean \"register\"?"},
        Bad{"profile",
            head + "[[matrix]]\nprofiles = [\"all\", \"kill+partitoin\"]\n",
            "s.toml:5:20: matrix[0].profiles[1]: there is no fault or profile \"partitoin\"; did "
            "you mean \"partition\"?"},
        Bad{"system",
            head + "[[matrix]]\nsystems = [\"maelstrom\"]\n",
            "s.toml:5:12: matrix[0].systems[0]: there is no system or program \"maelstrom\"; "
            "choose from raft-node"},
        Bad{"tier",
            head + "[[matrix]]\ntiers = [\"simulation\"]\n",
            "s.toml:5:10: matrix[0].tiers[0]: there is no tier \"simulation\"; choose from sim, "
            "process"},
        Bad{"nodes",
            head + "[[matrix]]\nnodes = [3, 77]\n",
            "s.toml:5:13: matrix[0].nodes[1]: must be a whole number from 1 to 9"},
        Bad{"twice",
            head + "[[matrix]]\nnodes = [3, 3]\n",
            "s.toml:5:13: matrix[0].nodes[1]: 3 stands there twice; remove one"},
        Bad{"empty_list",
            head + "[[matrix]]\nprofiles = []\n",
            "s.toml:5:12: matrix[0].profiles: is empty; name at least one, or leave the field out"},
        Bad{"configuration",
            head + "[[matrix]]\nconfigurations = [\"smal\"]\n[configuration.small]\n",
            "s.toml:5:19: matrix[0].configurations[0]: there is no [configuration.smal]; did you "
            "mean \"small\"?"},
        Bad{"timing",
            head + "[configuration.x]\nheartbeat_ms = 700\n[[matrix]]\n",
            "s.toml:4:1: configuration.x.election_min_ms: must be more than heartbeat_ms"},
        Bad{"quarantine_all",
            head + "[[matrix]]\n[[quarantine]]\nreason = \"x\"\n",
            "s.toml:5:1: quarantine[0].cell: every failure would be quarantined; name cell, check "
            "or signature"},
        Bad{"quarantine_no_reason",
            head + "[[matrix]]\n[[quarantine]]\ncell = \"sim/*\"\n",
            "s.toml:5:1: quarantine[0].reason: is missing; say why, and where it is being worked "
            "on"},
        Bad{"quarantine_day",
            head + "[[matrix]]\n[[quarantine]]\ncell = \"a\"\nreason = \"x\"\nuntil = \"friday\"\n",
            "s.toml:8:9: quarantine[0].until: must be a day, such as 2026-12-31, without quotes"},
        Bad{"swarm_on_processes",
            head + "[[matrix]]\nswarm = true\ntiers = [\"process\"]\n",
            "s.toml:6:9: matrix[0].tiers: a swarm is simulated; name the tier sim alone"},
        Bad{"same_cell_twice",
            head + "[[matrix]]\n[[matrix]]\n",
            "s.toml: matrix: the cell sim/raft-node/register/all/n5/default comes out of it twice; "
            "give one of the two a [profile.NAME] or a [configuration.NAME] of its own"},
        Bad{"nothing_left",
            head + "exclude = \"*\"\n[[matrix]]\n",
            "s.toml: matrix: no cell is left; what was left out: "
            "sim/raft-node/register/all/n5/default (include and exclude leave it out)"},
        Bad{"impossible",
            head + "[[matrix]]\ntiers = \"process\"\nprofiles = \"disk\"\n",
            "s.toml: matrix: no cell is left; what was left out: "
            "process/raft-node/register/disk/n5/default (disk cannot be done to 5 processes of "
            "raft-node)"}),
    [](const ::testing::TestParamInfo<Bad>& one) { return std::string(one.param.name); });

TEST(SuiteFile, SyntaxErrorsNameLineAndColumn) {
    EXPECT_EQ(refusal("[suite\nname = 1\n").find("s.toml:1:7: is not TOML: "), 0U)
        << refusal("[suite\nname = 1\n");
}

TEST(SuiteFile, AMegabyteIsEnough) {
    EXPECT_NE(refusal(std::string(limits::file_bytes_max + 1, '#')).find("larger than a megabyte"),
              std::string::npos);
}

TEST(SuiteFile, TooManyCellsAreRefused) {
    std::string text = head;
    std::string workloads;
    for (int i = 0; i < 90; ++i) {
        text += "[configuration.c" + std::to_string(i) + "]\n";
        workloads += (i == 0 ? "\"c" : ", \"c") + std::to_string(i) + "\"";
    }
    text +=
        "[[matrix]]\ntiers = [\"sim\", \"process\"]\nworkloads = [\"register\", \"append\"]\n"
        "profiles = [\"all\", \"none\", \"kill\", \"partition\"]\nnodes = [1,2,3,4,5,6,7,8,9]\n"
        "configurations = [" +
        workloads + "]\n";

    EXPECT_NE(refusal(text).find("there are more than 5000 cells"), std::string::npos);
}

TEST(SuiteFile, DefaultsAreOneSimulatedCell) {
    const SuiteFile file = read_suite(head + "[[matrix]]\n", "s.toml", words());

    EXPECT_EQ(file.budget.seconds, 600);
    EXPECT_FALSE(file.seed);
    EXPECT_EQ(names(head + "[[matrix]]\n"),
              std::vector<std::string>{"sim/raft-node/register/all/n5/default"});
}

TEST(SuiteFile, ReadsEverythingThatItOffers) {
    const SuiteFile file = read_suite(R"(
[suite]
name = "night"
include = ["sim/*", "process/*"]
exclude = "*/n4/*"
budget = "until 02:30"
seed = 7
cell_timeout = "5m"
void_retries = 1
failures_per_cell = 4
shrink = "0s"
disk_budget = "1.5GB"
jobs = 6
process_jobs = 2
[program.mine]
bin = "./mine"
arguments = ["-v"]
[profile.rough]
faults = ["kill", "partition"]
interval = "0.5s"
heal = "quorum"
[configuration.small]
max_inflight = 2
snapshot_interval = 9
bug = "stale-read"
[[matrix]]
tiers = ["sim", "process"]
workloads = ["register", "append"]
profiles = ["rough", "none"]
nodes = [3, 4]
configurations = ["small", "default"]
weight = 2
time_limit = "9s"
rate = 50
[[matrix]]
systems = "mine"
tiers = "process"
[[weight]]
cell = "sim/*"
factor = 3
[[quarantine]]
check = "linearizable"
reason = "issue 12"
until = 2026-12-31
)",
                                      "s.toml",
                                      words());
    const Expansion expansion = expand(file, "s.toml", words());

    EXPECT_EQ(*file.budget.until_minute, 150);
    EXPECT_EQ(*file.seed, 7U);
    EXPECT_EQ(file.cell_timeout_s, 300);
    EXPECT_EQ(file.disk_bytes, 1'500'000'000U);
    EXPECT_EQ(file.quarantine.at(0).until, "2026-12-31");
    // 2 tiers x 2 workloads x 2 profiles x 3 nodes x 2 configurations, and one of a program.
    ASSERT_EQ(expansion.cells.size(), 17U);
    const Cell& first = expansion.cells.front();
    EXPECT_EQ(first.name, "sim/raft-node/register/rough/n3/small");
    EXPECT_EQ(first.weight, 6);
    EXPECT_EQ(first.heal, "quorum");
    EXPECT_EQ(first.like.bug, "stale-read");
    EXPECT_EQ(first.like.limits->max_inflight, 2U);
    EXPECT_EQ(first.like.snapshot_interval, 9U);
    EXPECT_EQ(first.like.rate, 50);
    EXPECT_EQ(first.like.fault_interval, std::chrono::milliseconds(500));
    EXPECT_EQ(first.like.fault_classes, (std::vector<std::string>{"kill", "partition"}));
    const Cell& mine = expansion.cells.back();
    EXPECT_EQ(mine.name, "process/mine/lin-kv/all/n5/default");
    EXPECT_EQ(mine.like.program, (std::vector<std::string>{"./mine", "-v"}));
    EXPECT_EQ(mine.like.system, "maelstrom");
    EXPECT_EQ(mine.weight, 1);
}

TEST(Cells, OneNodeSuffersNoCuts) {
    const std::string text =
        head + "[[matrix]]\nnodes = [1, 3]\nprofiles = [\"partition\", \"all\"]\n";

    EXPECT_EQ(names(text),
              (std::vector<std::string>{"sim/raft-node/register/partition/n3/default",
                                        "sim/raft-node/register/all/n1/default",
                                        "sim/raft-node/register/all/n3/default"}));
}

TEST(Cells, PatternsReachOverSlashes) {
    EXPECT_TRUE(matches("sim/*", "sim/a/b"));
    EXPECT_TRUE(matches("*/n5/*", "sim/raft-node/register/all/n5/default"));
    EXPECT_FALSE(matches("sim", "sim/a"));
    EXPECT_FALSE(matches("*/n5/*", "sim/raft-node/register/all/n3/default"));
}

TEST(Program, IsLookedForWhereTheSuiteFileIs) {
    const std::string text = head +
                             "[program.mine]\nbin = \"./mine\"\n[[matrix]]\ntiers = "
                             "[\"process\"]\nsystems = [\"mine\"]\n";
    Vocabulary vocabulary = words();

    vocabulary.find_program = [](const std::string& bin) { return "/suites/" + bin; };
    EXPECT_EQ(read_suite(text, "s.toml", vocabulary).programs.at(0).command.at(0),
              "/suites/./mine");

    vocabulary.find_program = [](const std::string&) { return std::string(); };
    try {
        static_cast<void>(read_suite(text, "s.toml", vocabulary));
        ADD_FAILURE() << "it was taken";
    } catch (const UsageError& error) {
        EXPECT_EQ(
            std::string(error.what()).find("s.toml:5:7: program.mine.bin: there is no program"), 0U)
            << error.what();
    }
}

}  // namespace
}  // namespace squall::harness::suite
