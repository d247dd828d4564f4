// What a suite writes: well-formed, escaped, and with what people look for first.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/failure.hpp"
#include "harness/suite/fault_states.hpp"
#include "harness/suite/index_page.hpp"
#include "harness/suite/index_words.hpp"
#include "harness/suite/summary_outputs.hpp"
#include "harness/suite/sweep_summary.hpp"
#include "night.hpp"

namespace squall::harness::suite {
namespace {

const SuiteSummary& some() {
    static const SuiteSummary summary =
        summary_of_nights({night(1, {{"sim/raft-node/register/kill/n3/default", "valid"}}),
                           night(2,
                                 {{"sim/raft-node/register/kill/n3/default", "invalid"},
                                  {"sim/raft-node/register/all/n3/default", "valid"},
                                  {"sim/raft-node/append/all/n3/default", "unknown"},
                                  {"sim/swarm", ""}})},
                          {failure(2, "sim/raft-node/register/kill/n3/default", "lin: <s>")});
    return summary;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST(Outputs, TerminalBeginsWithTheVerdictAndTheGroups) {
    const std::string text = terminal_text(some(), "/runs/night-2");

    EXPECT_TRUE(has(text,
                    "\nINVALID: 4 cells, 30 seeds, 15 operations that succeeded, in 5 min 0 s; 1 "
                    "invalid; 1 unknown; 1 not run\n  new        1 x  lin: <s>\n"))
        << text;
    EXPECT_TRUE(has(text, "rate       1 in 10 seeds")) << text;
    EXPECT_TRUE(has(text, "reproduce  scripts/squall sim --plan x")) << text;
    EXPECT_TRUE(has(text, "not run sim/swarm: <because>")) << text;
}

TEST(Outputs, JsonHasItAll) {
    const auto json = nlohmann::json::parse(to_json(some()));

    EXPECT_EQ(json["squall_suite"], 1);
    EXPECT_EQ(json["verdict"], "invalid");
    EXPECT_EQ(json["cells"].size(), 4U);
    EXPECT_EQ(json["cells"][3]["state"], "not_run");
    EXPECT_EQ(json["groups"][0]["state"], "new");
    EXPECT_EQ(json["groups"][0]["failures"], 1);
    EXPECT_EQ(json["nights"].size(), 2U);
}

TEST(Outputs, JsonReplacesWhatIsNoText) {
    SuiteSummary summary = some();
    summary.cells[0].reason = "\xff\xfe";

    EXPECT_EQ(nlohmann::json::parse(to_json(summary))["cells"][0]["reason"], "\uFFFD\uFFFD");
}

TEST(Outputs, JunitHasACaseForEachCell) {
    const std::string xml = junit(some());

    EXPECT_TRUE(has(xml, "tests=\"4\" failures=\"1\" errors=\"1\" skipped=\"1\" time=\"300.000\""));
    EXPECT_TRUE(has(xml, "<failure type=\"invalid\" message=\"&lt;because&gt; &amp; so on\">"));
    EXPECT_TRUE(has(xml, "<skipped message="));
    EXPECT_FALSE(has(xml, "<because>"));
}

TEST(Outputs, MarkdownEscapesWhatOthersSaid) {
    const std::string text = markdown(some());

    EXPECT_TRUE(has(text, "## night: INVALID: 4 cells")) << text;
    EXPECT_TRUE(has(text, "| new | 1 | lin: \\<s\\> |")) << text;
}

TEST(Outputs, PageEscapesAndLinksRelatively) {
    const std::string page = index_page(some());

    EXPECT_TRUE(
        has(page,
            "<h1 class=\"invalid\">night: invalid: 1 group of failures (1 new) in 4 cells and "
            "30 seeds</h1>"));
    EXPECT_TRUE(has(page, "lin: &lt;s&gt;"));
    EXPECT_FALSE(has(page, "<because>"));
    EXPECT_FALSE(has(page, "<bad>"));
    EXPECT_TRUE(has(page, "href=\"cells/0/1/run/report.html\"")) << page;
    EXPECT_FALSE(has(page, "file://"));
    EXPECT_FALSE(has(page, "http"));
}

TEST(Outputs, TitleOfThePageTellsThisNightFromThoseBefore) {
    const auto title = [](const std::vector<store::FailureRow>& failures) {
        return index_title(summary_of_nights(
            {night(1, {{"a", "invalid"}}), night(2, {{"a", "valid"}})}, failures));
    };

    EXPECT_TRUE(has(title({}), ": no failures in 1 cell and ")) << title({});
    EXPECT_FALSE(has(title({}), "earlier"));
    EXPECT_TRUE(has(title({failure(1, "a", "s")}), "no failures in 1 cell")) << title({});
    EXPECT_TRUE(has(title({failure(1, "a", "s")}), "; of earlier ones 1 "));
    EXPECT_TRUE(has(title({failure(1, "a", "s"), failure(2, "a", "t")}),
                    ": 1 group of failures (1 new) in "));
}

TEST(Outputs, EveryStateIsExplained) {
    using triage::GroupState;
    for (const GroupState state : {GroupState::fresh,
                                   GroupState::known,
                                   GroupState::flaky,
                                   GroupState::absent,
                                   GroupState::fixed}) {
        EXPECT_FALSE(state_meaning(triage::to_string(state)).empty()) << triage::to_string(state);
    }
    EXPECT_FALSE(state_meaning("quarantined").empty());
}

TEST(SweepSummary, IsReadBackAsItWasWritten) {
    SweepSummary summary;
    summary.first_seed = 7;
    summary.seeds = 30;
    summary.unknown = 1;
    summary.hollow = 1;
    summary.ok_operations = 900;
    summary.simulated_s = 12.5;
    summary.verdict = "invalid";
    summary.covered = {{{"kill", "leader"}, 3}};

    const SweepSummary read = sweep_from_json(to_json(summary), "x");

    EXPECT_EQ(to_json(read), to_json(summary));
    EXPECT_EQ(read.covered, summary.covered);
}

TEST(SweepSummary, RefusesAnythingElse) {
    EXPECT_THROW(static_cast<void>(sweep_from_json("", "x")), Failure);
    EXPECT_THROW(static_cast<void>(sweep_from_json("[]", "x")), Failure);
    EXPECT_THROW(static_cast<void>(sweep_from_json("{\"squall_sweep\":2}", "x")), Failure);
    EXPECT_THROW(static_cast<void>(sweep_from_json("{\"squall_sweep\":1,\"odd\":2}", "x")),
                 Failure);
}

TEST(FaultStates, CountsTargetsByTheirRole) {
    history::Event begin;
    begin.type = history::EventType::fault;
    begin.fault = history::FaultRecord{.id = 1,
                                       .name = "kill",
                                       .phase = history::FaultPhase::begin,
                                       .detail = {},
                                       .targets = {{1, "leader"}, {2, "follower"}, {3, "follower"}},
                                       .effect = {}};
    history::Event end = begin;
    end.fault->phase = history::FaultPhase::end;
    history::Event skipped = begin;
    skipped.fault->phase = history::FaultPhase::skipped;

    const std::vector<history::Event> events = {begin, end, skipped};

    EXPECT_EQ(fault_states(events), (Coverage{{{"kill", "follower"}, 2}, {{"kill", "leader"}, 1}}));
}

}  // namespace
}  // namespace squall::harness::suite
