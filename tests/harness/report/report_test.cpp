// Golden files: what programs and people read must not change unnoticed. To accept a change, copy
// what the failing test wrote beside the golden file (NAME.actual) over it.
#include <algorithm>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "harness/judge.hpp"
#include "harness/report/check_meaning.hpp"
#include "harness/report/markdown.hpp"
#include "harness/report/reproduction.hpp"
#include "harness/report/results_json.hpp"
#include "harness/report/results_load.hpp"
#include "harness/report/terminal.hpp"
#include "harness/report/words.hpp"
#include "storm.hpp"

namespace squall::harness::report {
namespace {

using harness::testing::storm;

Results stale_storm() {
    Results results = judge(storm(12, true).record_, {.version = "0.0.0-test"});
    results.lag.loop_lag_max = std::chrono::milliseconds(3);
    results.lag.cpu_steal = 0.25;
    for (checker::Check& check : results.checks) {
        check.spent = {};  // The search may get cheaper.
    }
    return results;
}

void expect_golden(const std::string& name, const std::string& actual) {
    const std::string path = std::string(GOLDEN_DIRECTORY) + "/" + name;
    std::ifstream file(path, std::ios::binary);
    std::ostringstream golden;
    golden << file.rdbuf();
    if (golden.str() != actual) {
        const std::string written = ::testing::TempDir() + name + ".actual";
        std::ofstream(written, std::ios::binary) << actual;
        ADD_FAILURE() << name << " differs from " << path << "; what came out is in " << written;
    }
}

TEST(Report, ResultsJsonIsTheGoldenOne) {
    expect_golden("results.json", results_json(stale_storm()));
}

TEST(Report, MarkdownIsTheGoldenOne) {
    expect_golden("report.md", markdown(stale_storm(), storm(12, true).record_.events));
}

TEST(Report, TerminalNamesVerdictReasonAndDirectory) {
    const std::string text = terminal_summary(stale_storm(), "runs/x");

    EXPECT_NE(text.find("INVALID: linearizable"), std::string::npos) << text;
    EXPECT_NE(text.find("runs/x"), std::string::npos);
    EXPECT_NE(text.find("messages cut 12"), std::string::npos);
}

TEST(Report, ReproduceCommandNamesWhatDiffersFromTheDefaults) {
    Results results = stale_storm();
    results.plan.nodes = 3;
    results.plan.bug = "stale-read";
    results.command = "sim";

    EXPECT_EQ(reproduce_command(results),
              "scripts/squall sim --seed 7 --nodes 3 --time-limit 1 --faults partition --heal all "
              "--bug stale-read");
}

TEST(Report, PlanFromAFileIsAskedForByItsFile) {
    Results results = stale_storm();
    EXPECT_EQ(reproduce_command(results).find("--plan"), std::string::npos);

    results.plan_given = true;
    EXPECT_EQ(reproduce_command(results), "scripts/squall run --plan plan.json");
    results.directory = "runs/with space";
    EXPECT_EQ(reproduce_command(results), "scripts/squall run --plan 'runs/with space/plan.json'");
}

TEST(Report, MeasuredReproductionIsSaidAndKept) {
    Results results = stale_storm();
    EXPECT_EQ(reproduction_words(results).find("Measured"), std::string::npos);
    results.reproduction = Reproduction{"linearizable", 7, 10, 2, 3};
    results.plan_given = true;

    const Results again = results_from_json(results_json(results), "results.json", results.plan);

    EXPECT_TRUE(again.plan_given);
    EXPECT_NE(reproduction_words(again).find("Measured: linearizable failed in 7 of 10 runs of "
                                             "this plan, and in 2 of 3 of the one"),
              std::string::npos)
        << reproduction_words(again);
}

TEST(Report, ProcessesThatWereTriedOnceSaySoAndSimulationsNeedNoMeasuring) {
    Results results = stale_storm();
    results.directory = "runs/one";
    EXPECT_NE(reproduction_words(results).find("this was one try."), std::string::npos)
        << reproduction_words(results);
    EXPECT_EQ(shrink_command(results), "scripts/squall shrink runs/one");
    results.command = "sim";
    results.reproduction = Reproduction{"linearizable", 1, 1, 1, 1};

    EXPECT_EQ(reproduction_words(results).find("Measured"), std::string::npos);
}

TEST(Report, EveryCheckThatIsJudgedIsExplained) {
    for (const checker::Check& check : stale_storm().checks) {
        EXPECT_FALSE(check_meaning(check.name).empty()) << check.name;
    }
    EXPECT_TRUE(check_meaning("of-tomorrow").empty());
}

TEST(Report, TheTitleOfACrashHasTheLastWords) {
    RunRecord record = storm(12, false).record_;
    record.unplanned_exits.push_back(
        {.node = 2,
         .how = "signal 6 (Aborted)",
         .last_words = "t=1 n2 leader\nassertion failed: a == b (core.cpp:38 step)\nend"});

    EXPECT_EQ(verdict_sentence(judge(record, {})),
              "INVALID: no-crash: n2 ended by itself: signal 6 (Aborted): assertion failed: a == b "
              "(core.cpp:38 step)");
}

TEST(Report, WhatCouldNotBeJudgedIsOneSentenceWhereSomethingIsViolated) {
    const Results invalid = judge(storm(0, true).record_, {});
    Results unknown = judge(storm(0, false).record_, {});
    ASSERT_EQ(unknown.verdict, RunVerdict::unknown);

    EXPECT_EQ(undecided_words(unknown), "");
    EXPECT_TRUE(std::ranges::any_of(unknown.checks, [&](const checker::Check& check) {
        return is_finding(check, unknown.verdict);
    }));
    for (const checker::Check& check : invalid.checks) {
        EXPECT_EQ(is_finding(check, invalid.verdict), check.verdict == checker::Verdict::invalid);
    }
    Results crashed = invalid;
    crashed.checks.push_back({.name = "log-matching",
                              .detector = "trace",
                              .verdict = checker::Verdict::unknown,
                              .reason = "no append was traced"});
    EXPECT_NE(undecided_words(crashed).find("log-matching (no append was traced)"),
              std::string::npos)
        << undecided_words(crashed);
}

TEST(Report, NeitherYesNorNoIsExplainedAndTheTerminalNamesOnlyFindings) {
    EXPECT_TRUE(verdict_meaning(RunVerdict::invalid).empty());
    EXPECT_NE(verdict_meaning(RunVerdict::unknown).find("too little"), std::string::npos);
    RunRecord record = storm(0, false).record_;
    record.void_reason = "no space left on device";

    const Results results = judge(record, {});

    EXPECT_EQ(terminal_summary(results, "").find("  unknown "), std::string::npos);
    EXPECT_NE(markdown(results, record.events).find("says nothing about"), std::string::npos);
}

TEST(Report, OneOfAKindIsNoPlural) {
    RunRecord record = storm(12, false).record_;

    EXPECT_NE(verdict_sentence(judge(record, {})).find("through 1 fault and"), std::string::npos);
    EXPECT_EQ(counted(0, "fault"), "0 faults");
}

TEST(Report, DurationsAreSaidAsSomebodyWouldSayThem) {
    EXPECT_EQ(effect_words("down_ms", 953), "down 953 ms");
    EXPECT_EQ(effect_words("down_ms", 22'400), "down 22.4 s");
    EXPECT_EQ(effect_words("clock_offset_ms_max", 2'500'205), "clock offset 41.7 min at most");
    EXPECT_EQ(effect_words("clock_offset_ms_max", -36'000'000), "clock offset -10.0 h at most");
}

TEST(Report, BytesThatAreNotUtf8DoNotBreakTheJson) {
    Results results = stale_storm();
    results.reasons.emplace_back("last words \xff\xfe");

    EXPECT_NE(results_json(results).find("last words"), std::string::npos);
}

}  // namespace
}  // namespace squall::harness::report
