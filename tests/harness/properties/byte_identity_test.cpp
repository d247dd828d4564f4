// The same plan gives the same bytes in every build: digests of what a handful of plans leave are
// kept in golden/digests.txt, and release, debug and sanitizer builds have to come to all of them.
// When behaviour changes on purpose, scripts/refresh-digests writes them anew, but only if a
// release and a debug build agree.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "harness/judge.hpp"
#include "harness/report/results_json.hpp"
#include "harness/sim/simulate.hpp"
#include "harness/sim/trace_files.hpp"
#include "harness/swarm.hpp"
#include "history/random.hpp"
#include "raft/zoo/zoo.hpp"
#include "tests/harness/sim/plans.hpp"

namespace squall::harness {
namespace {

using std::chrono::seconds;

struct Case {
    std::string name;
    Plan plan;
    checker::Budget budget;
    bool needs_zoo = false;
};

Plan short_storm(std::uint64_t seed, const std::string& workload, const std::string& bug = "") {
    Plan plan = sim::calm_plan(seed);
    plan.workload = workload;
    plan.bug = bug;
    plan.time_limit = seconds(5);
    plan.fault_classes = {"partition", "kill", "pause", "packet", "clock", "disk", "ramp"};
    plan.rate = 150;
    plan.fault_interval = seconds(2);
    plan.heal_quorum_only = draw_heal_quorum_only(seed);
    materialise_faults(plan);
    plan.fault_classes.clear();  // None of them needs to bite.
    return plan;
}

/// So little that no engine comes to a verdict: where they give up is in steps and bytes and not in
/// time.
constexpr checker::Budget tight{.steps = 50, .bytes = 1000};

std::vector<Case> cases() {
    std::vector<Case> all{{"storm-register", short_storm(1, "register"), {}},
                          {"storm-append", short_storm(2, "append"), {}},
                          {"storm-set", short_storm(3, "set"), {}},
                          {"storm-counter", short_storm(4, "counter"), {}},
                          // So little that the verdict is unknown: where a checker gives up is in
                          // steps and not in time.
                          {"small-budget", short_storm(5, "register"), tight},
                          {"bug-stale-read", short_storm(6, "register", "stale-read"), {}, true},
                          {"bug-no-uptodate", short_storm(7, "append", "no-uptodate"), {}, true}};
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        all.push_back({fmt::format("swarm-{}", seed), swarm_plan(seed), {}});
    }
    return all;
}

std::string digest(const std::string& text) {
    return fmt::format("{:016x}", history::stream_hash(text));
}

/// What it leaves, in one line.
std::string line_of(const Case& one) {
    const sim::Simulation simulation = sim::simulate(one.plan, {.keep_traces = true});
    const RunRecord& record = simulation.record;
    std::string traces;
    for (const checker::TraceRecord& trace : simulation.traces) {
        traces += sim::trace_line(trace);
    }
    Results results = judge(record, {.budget = one.budget, .version = "golden", .command = "sim"});
    for (checker::Check& check : results.checks) {
        check.spent = {};  // The search may get cheaper; where it gives up, the verdict shows.
    }
    return fmt::format(
        "{} steps {} events {} verdict {} plan {} realised {} history {} trace {} results {}",
        one.name,
        simulation.steps,
        record.events.size(),
        to_string(results.verdict),
        digest(to_json(one.plan)),
        digest(to_json(record.realised)),
        digest(sim::history_text(record)),
        digest(traces),
        digest(report::results_json(results)));
}

const std::string golden_file = std::string(GOLDEN_DIRECTORY) + "/digests.txt";

std::map<std::string, std::string> golden_lines() {
    std::map<std::string, std::string> lines;
    std::ifstream file(golden_file);
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with('#')) {
            lines[line.substr(0, line.find(' '))] = line;
        }
    }
    return lines;
}

TEST(ByteIdentity, EveryBuildComesToTheGoldenDigests) {
    const bool refresh = std::getenv("SQUALL_REFRESH_DIGESTS") != nullptr;
    const std::map<std::string, std::string> golden = golden_lines();
    std::string fresh =
        "# FNV-1a of what simulated plans leave; written by scripts/refresh-digests.\n";
    for (const Case& one : cases()) {
        if (one.needs_zoo && !raft::zoo::Bugs::compiled_in) {
            continue;
        }
        const std::string line = line_of(one);
        fresh += line + "\n";
        const auto known = golden.find(one.name);
        if (!refresh && (known == golden.end() || known->second != line)) {
            const std::string plan = testing::TempDir() + "squall-differs-" + one.name + ".json";
            std::ofstream(plan) << to_json(one.plan);
            ADD_FAILURE()
                << "now    " << line << "\ngolden "
                << (known == golden.end() ? "has no such line" : known->second)
                << "\nIf behaviour was changed on purpose: scripts/refresh-digests. If not: "
                   "`squall sim --no-shrink --plan "
                << plan
                << " --out DIR` in the build before and in this one, or in a release and a "
                   "debug build, and compare history.jsonl.";
        }
    }
    if (refresh) {
        std::filesystem::create_directories(GOLDEN_DIRECTORY);
        std::ofstream file(golden_file);
        file << fresh;
        ASSERT_TRUE(file.flush()) << golden_file << " could not be written";
    } else {
        EXPECT_EQ(golden.size(), cases().size());
    }
}

TEST(ByteIdentity, ASmallBudgetIsSpentInEveryBuild) {
    const sim::Simulation simulation = sim::simulate(short_storm(5, "register"));

    const Results results =
        judge(simulation.record, {.budget = tight, .version = "golden", .command = "sim"});

    EXPECT_TRUE(std::ranges::any_of(results.checks, [](const checker::Check& check) {
        return check.name == "linearizable" && check.verdict == checker::Verdict::unknown;
    }));
}

TEST(ByteIdentity, ADigestSeesOneByte) {
    EXPECT_NE(digest("history a"), digest("history b"));
    EXPECT_NE(digest("history a"), digest("history a "));
}

TEST(ByteIdentity, AnotherSeedHasOtherDigests) {
    EXPECT_NE(line_of({"x", short_storm(1, "register"), {}}),
              line_of({"x", short_storm(2, "register"), {}}));
}

}  // namespace
}  // namespace squall::harness
