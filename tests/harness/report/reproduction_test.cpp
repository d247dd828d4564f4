// What reports say of seeing a failure again: with and without shrinking, simulated and on real
// processes.
#include "harness/report/reproduction.hpp"

#include <gtest/gtest.h>

#include "harness/judge.hpp"
#include "harness/report/html.hpp"
#include "harness/report/junit.hpp"
#include "harness/report/markdown.hpp"
#include "harness/report/results_json.hpp"
#include "harness/report/results_load.hpp"
#include "harness/report/words.hpp"
#include "storm.hpp"

namespace squall::harness::report {
namespace {

using harness::testing::storm;

constexpr RunSize large{
    .faults = 43, .operations = 3444, .nodes = 5, .length = std::chrono::seconds(30)};
constexpr RunSize small{
    .faults = 1, .operations = 2, .nodes = 2, .length = std::chrono::milliseconds(415)};

Results failing(const std::string& command) {
    Results results = judge(storm(12, true).record_, {.version = "0", .command = command});
    results.directory = "runs/one";
    return results;
}

/// As it is after shrinking.
Results cut_down(const std::string& command) {
    Results results = failing(command);
    const bool exact = command == "sim";
    results.reproduction = Reproduction{"linearizable", exact ? 1U : 2U, exact ? 1U : 3U};
    results.shrunk_to = Shrinkage{
        .before = large, .after = small, .failed = exact ? 1U : 7U, .runs = exact ? 1U : 10U};
    return results;
}

bool has(const std::string& text, const std::string& word) {
    return text.find(word) != std::string::npos;
}

TEST(WaysAgain, WithoutShrinkingThereIsOneTryAndWhatToDoNext) {
    const Results results = failing("run");

    const std::vector<WayAgain> ways = ways_again(results);

    ASSERT_EQ(ways.size(), 1U);
    EXPECT_EQ(ways[0].how_often, "not measured: this was one try");
    EXPECT_EQ(shrink_command(results), "scripts/squall shrink runs/one");
    EXPECT_EQ(shrinkage_words(results), "");
    EXPECT_EQ(ways_again(failing("sim"))[0].how_often, "every time: the simulator is exact");
}

TEST(WaysAgain, AfterShrinkingWhatIsLeftComesFirstWithItsRate) {
    const Results results = cut_down("run");

    const std::vector<WayAgain> ways = ways_again(results);

    ASSERT_EQ(ways.size(), 2U);
    EXPECT_EQ(ways[0].command, "scripts/squall run --plan runs/one/shrunk/plan.json");
    EXPECT_EQ(ways[0].how_often, "7 of 10 runs failed again (70 %)");
    EXPECT_EQ(ways[0].page, "shrunk/report.html");
    EXPECT_EQ(ways[1].command, reproduce_command(results));
    EXPECT_EQ(ways[1].how_often, "2 of 3 runs failed again (67 %)");
    EXPECT_EQ(shrinkage_words(results),
              "Cut down to 1 fault, 2 operations, 2 nodes, 0.415 s in which linearizable still "
              "fails; this run had 43 faults, 3444 operations, 5 nodes, 30.000 s.");
    EXPECT_EQ(shrink_command(results), "");
    EXPECT_TRUE(has(reproduction_words(results), "and in 7 of 10 of what is left of it."));
    EXPECT_EQ(ways_again(cut_down("sim"))[0].how_often, "every time: the simulator is exact");
}

TEST(WaysAgain, WhatWasNotMeasuredIsNotClaimed) {
    Results results = cut_down("run");
    results.shrunk_to->complete = false;
    results.shrunk_to->failed = results.shrunk_to->runs = 0;
    EXPECT_EQ(ways_again(results)[0].how_often, "not measured: shrinking was cut short");
    EXPECT_TRUE(has(shrinkage_words(results), "The search was cut short"));

    results = failing("run");
    results.reproduction = Reproduction{"linearizable", 0, 6};
    EXPECT_EQ(ways_again(results)[0].how_often, "none of 6 more runs failed");
    results = failing("sim");
    results.reproduction = Reproduction{"linearizable", 0, 1};
    EXPECT_TRUE(has(ways_again(results)[0].how_often, "did not fail again"));

    const Results valid = judge(storm(12, false).record_, {.version = "0", .command = "run"});
    EXPECT_FALSE(has(ways_again(valid)[0].how_often, "fail")) << ways_again(valid)[0].how_often;
    EXPECT_EQ(shrink_command(valid), "");
}

TEST(WaysAgain, EveryReportSaysTheSame) {
    const RunRecord record = storm(12, true).record_;
    for (const char* command : {"run", "sim"}) {
        const Results results = cut_down(command);
        const Results again =
            results_from_json(results_json(results), "results.json", results.plan);
        ASSERT_TRUE(again.shrunk_to);
        EXPECT_EQ(again.shrunk_to->before, large);
        EXPECT_EQ(again.shrunk_to->after, small);
        const std::string often = ways_again(results)[0].how_often;
        for (const std::string& text : {html(results, {.events = record.events}, {}),
                                        markdown(results, record.events),
                                        junit(results)}) {
            for (const std::string& word : {often,
                                            ways_again(results)[1].how_often,
                                            ways_again(results)[0].command,
                                            std::string("shrunk/report.html"),
                                            to_text(small),
                                            to_text(large)}) {
                EXPECT_TRUE(has(text, word)) << word;
            }
        }
    }
}

TEST(WaysAgain, WhatIsLeftLeadsBackToTheWholeRun) {
    Results results = failing("sim");
    results.shrunk_from = Shrinkage{.before = large, .after = small, .failed = 1, .runs = 1};
    const RunRecord record = storm(12, true).record_;

    EXPECT_TRUE(has(shrinkage_words(results), "what is left (1 fault"));
    EXPECT_TRUE(has(html(results, {.events = record.events}, {}), "../report.html"));
    EXPECT_TRUE(has(markdown(results, record.events), "](../report.html)"));
    EXPECT_EQ(shrink_command(results), "");
}

TEST(WaysAgain, SizesOfAForeignFileAreBounded) {
    const Results results = cut_down("run");
    std::string text = results_json(results);
    const std::string nodes = "\"nodes\": 5";
    text.replace(text.find(nodes), nodes.size(), "\"nodes\": 5e30");

    EXPECT_THROW(static_cast<void>(results_from_json(text, "results.json", results.plan)),
                 std::runtime_error);
}

}  // namespace
}  // namespace squall::harness::report
