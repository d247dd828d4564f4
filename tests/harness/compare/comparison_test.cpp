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
    EXPECT_THAT(text, HasSubstr("Shrunk to 1 faults, 3 operations; on that, the base is valid."));
    EXPECT_THAT(text, HasSubstr("+10."));
}

TEST(Comparison, SaysHowOftenAShrunkPlanFailsOnProcesses) {
    Comparison comparison = convicted();
    KeptFailure& failure = comparison.failures.front();
    failure.tier = PairTier::processes;
    failure.reproduced = Reproduced{.failed = 5, .runs = 5, .base_failed = 0, .base_runs = 5};

    const std::string words =
        "5 of 5 runs of the patch fail (with 95 % confidence at least 55 %), "
        "0 of 5 of the base (at most 45 %)";
    EXPECT_THAT(to_markdown(comparison), HasSubstr(words));
    EXPECT_THAT(to_text(comparison, "out"), HasSubstr(words));
    const auto json = nlohmann::json::parse(to_json(comparison));
    EXPECT_EQ(json["failures"][0]["reproduced"]["failed"], 5);
    EXPECT_EQ(json["failures"][0]["reproduced"]["base_runs"], 5);
}

TEST(Comparison, SaysWhyAFailureIsNotShrunk) {
    Comparison comparison = convicted();
    comparison.failures.front().shrunk = "";
    comparison.failures.front().not_shrunk = "it did not fail again while there was time";

    EXPECT_THAT(to_text(comparison, "out"), HasSubstr("not shrunk: it did not fail again"));
    EXPECT_THAT(to_markdown(comparison), HasSubstr("Not shrunk: it did not fail again"));
    EXPECT_TRUE(nlohmann::json::parse(to_json(comparison))["failures"][0]["reproduced"].is_null());
}

TEST(Comparison, NamesTheNeighbours) {
    Comparison comparison = convicted();
    comparison.neighbours = {{.site = {"some-bug", "raft/a.cpp", "void f() {"},
                              .same_function = true,
                              .way = &ways().front()}};

    const auto json = nlohmann::json::parse(to_json(comparison));

    EXPECT_EQ(json["neighbours"][0]["bug"], "some-bug");
    EXPECT_EQ(json["neighbours"][0]["function"], "void f() {");
    EXPECT_EQ(json["neighbours"][0]["plans"], to_text(ways().front()));
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
