#include "harness/compare/comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace squall::harness::compare {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Comparison convicted() {
    Comparison comparison;
    comparison.base = {"HEAD", "0123456789abcdef", "aaaa"};
    comparison.patch = {"evil|`<b>.patch", "", "bbbb"};
    comparison.command = "scripts/squall compare --base HEAD --patch x";
    comparison.not_taken = {"harness/judge.cpp"};
    comparison.changes = {{"raft/election.cpp", {"f"}, 3}};
    PairOutcome pair;
    pair.profile = "general";
    pair.base.judged = pair.patch.judged = true;
    comparison.decider.add(pair);
    pair.patch.safety = {"linearizable"};
    comparison.decider.add(pair);
    comparison.decider.add(Confirmation{.check = "linearizable",
                                        .patch_again = 1,
                                        .patch_runs = 1,
                                        .base_runs = 21,
                                        .around_failed = 3,
                                        .around_runs = 20});
    comparison.decision = comparison.decider.decision();
    comparison.failures = {{.check = "linearizable",
                            .profile = "general",
                            .seed = 7,
                            .reason = "read <nothing> | of `k1`",
                            .details = {"op #1 ``` c1"},
                            .directory = "failures/1-patch-linearizable",
                            .shrunk = "1 faults, 3 operations",
                            .base_on_shrunk = "is valid",
                            .replay = "scripts/squall compare --plan p"}};
    MetricDifference metric{PairTier::simulator, metrics[0], {}};
    for (int i = 0; i < 100; ++i) {
        metric.difference.add(100 + i % 3, 110 + i % 3 + i % 2);
    }
    comparison.metrics = {metric};
    return comparison;
}

TEST(Comparison, MarkdownSaysItAll) {
    const std::string text = to_markdown(convicted());

    EXPECT_THAT(text, HasSubstr("patch introduces failures"));
    EXPECT_THAT(text, HasSubstr("harness/judge.cpp"));
    EXPECT_THAT(text, HasSubstr("read \\<nothing> \\| of \\`k1\\`"));
    EXPECT_THAT(text, HasSubstr("op #1 ''' c1"));
    EXPECT_THAT(text, HasSubstr("`evil|'<b>.patch`"));
    EXPECT_THAT(text, HasSubstr("On that, the base is valid."));
    EXPECT_THAT(text, HasSubstr("+10."));
}

TEST(Comparison, JsonIsWhatTheDocumentationSays) {
    const auto json = nlohmann::json::parse(to_json(convicted()));

    EXPECT_EQ(json["squall_compare"], 1);
    EXPECT_EQ(json["verdict"], "patch introduces failures");
    EXPECT_EQ(json["exit_code"], 1);
    EXPECT_EQ(json["pairs"][0]["safety"]["patch_alone"], 1);
    EXPECT_EQ(json["confirmations"][0]["around_failed"], 3);
    EXPECT_EQ(json["failures"][0]["side"], "patch");
    EXPECT_EQ(json["metrics"][0]["pairs"], 100);
    EXPECT_EQ(json["could_have_been_seen"].size(), 2U);
}

TEST(Comparison, JunitFailsWithThePatchOnly) {
    EXPECT_THAT(to_junit(convicted()), HasSubstr("<failure type=\"introduces-failures\""));
    Comparison fine;
    EXPECT_THAT(to_junit(fine), Not(HasSubstr("<failure")));
}

TEST(Comparison, TerminalBeginsWithTheVerdict) {
    const std::string text = to_text(convicted(), "out");
    EXPECT_TRUE(text.starts_with("PATCH INTRODUCES FAILURES\n")) << text;
    EXPECT_THAT(text, HasSubstr("replay: scripts/squall compare --plan p"));
    EXPECT_THAT(text, HasSubstr("operations served"));
}

}  // namespace
}  // namespace squall::harness::compare
