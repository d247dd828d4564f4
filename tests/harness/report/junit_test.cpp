#include "harness/report/junit.hpp"

#include <gtest/gtest.h>

#include "harness/failure.hpp"
#include "harness/judge.hpp"
#include "harness/report/results_json.hpp"
#include "harness/report/results_load.hpp"
#include "storm.hpp"

namespace squall::harness::report {
namespace {

using harness::testing::storm;

bool contains(const std::string& text, const std::string& word) {
    return text.find(word) != std::string::npos;
}

TEST(Junit, InvalidCheckIsAFailureAndUnknownAnError) {
    Results results = judge(storm(0, true).record_, {});
    const std::string text = junit(results);

    EXPECT_TRUE(contains(text, "name=\"linearizable\"")) << text;
    EXPECT_TRUE(contains(text, "<failure type=\"invalid\"")) << text;
    EXPECT_TRUE(contains(text, "<error type=\"unknown\"")) << text;
    EXPECT_TRUE(contains(text, "failures=\"1\"")) << text;
}

TEST(Junit, ValidRunHasNeither) {
    const std::string text = junit(judge(storm(12, false).record_, {}));

    EXPECT_FALSE(contains(text, "<failure")) << text;
    EXPECT_TRUE(contains(text, "failures=\"0\"")) << text;
}

TEST(Junit, VoidRunIsAnError) {
    RunRecord record = storm(12, false).record_;
    record.void_reason = "no space left on device";

    EXPECT_TRUE(contains(junit(judge(record, {})), "<error type=\"void\""));
}

TEST(Junit, HostileReasonCannotBreakTheMarkup) {
    RunRecord record = storm(12, false).record_;
    record.trace_checks.push_back({.name = "a\"b",
                                   .detector = "<t>",
                                   .verdict = checker::Verdict::invalid,
                                   .reason = "]]></failure>\x01\xff"});
    const std::string text = junit(judge(record, {}));

    EXPECT_TRUE(contains(text, "]]&gt;&lt;/failure&gt;\xef\xbf\xbd\xef\xbf\xbd")) << text;
    EXPECT_TRUE(contains(text, "name=\"a&quot;b\"")) << text;
}

TEST(Junit, EveryCheckIsACaseAndTheMessageOneLine) {
    RunRecord record = storm(12, false).record_;
    record.void_reason = "node n1 ended\n  command: x";
    const Results results = judge(record, {});
    const std::string text = junit(results);

    std::size_t cases = 0;
    for (auto at = text.find("<testcase "); at != std::string::npos;
         at = text.find("<testcase ", at + 1)) {
        ++cases;
    }
    EXPECT_EQ(cases, results.checks.size() + 1);
    EXPECT_TRUE(contains(text, "message=\"VOID: the harness failed: node n1 ended\">")) << text;
    EXPECT_TRUE(contains(text, "<system-out>VOID: the harness failed: node n1 ended\n"));
}

TEST(ResultsLoad, ReadsBackWhatWasWritten) {
    RunRecord record = storm(12, true).record_;
    record.monotonic_origin = std::chrono::seconds(77);
    record.elapsed = std::chrono::milliseconds(310);
    const Results results = judge(record, {.version = "0.0.0-test", .command = "sim"});
    const std::string text = results_json(results);

    const Results again = results_from_json(text, "results.json", record.plan);

    EXPECT_EQ(results_json(again), text);
    EXPECT_EQ(again.monotonic_origin, record.monotonic_origin);
}

TEST(ResultsLoad, RefusesWhatIsNoResults) {
    EXPECT_THROW((void)results_from_json("{", "results.json", {}), Failure);
    EXPECT_THROW((void)results_from_json("{}", "results.json", {}), Failure);
    EXPECT_THROW((void)results_from_json("{\"squall_results\": 99}", "results.json", {}), Failure);
}

}  // namespace
}  // namespace squall::harness::report
