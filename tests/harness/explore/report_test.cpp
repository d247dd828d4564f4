#include "harness/explore/report.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/failure.hpp"
#include "tests/harness/explore/space.hpp"

namespace squall::harness::explore {
namespace {

struct Written {
    std::string text;
    nlohmann::json json;
};

Written write(const Options& options, const Limits& limits = {}, const std::string& bug = "") {
    Deepening search(options, limits);
    while (search.advance(10'000) == Stop::none) {
    }
    Report report = report_of(search, limits, bug);
    report.seconds = 2.0;
    Model& model = search.model();
    return {to_text(model, report), nlohmann::json::parse(to_json(model, report))};
}

TEST(Report, OfAWholeSpace) {
    const Written written = write(with({{Budget::timeouts, 1}}));

    EXPECT_TRUE(written.text.starts_with("VALID: every state of the bounded space was seen"));
    EXPECT_EQ(written.json["verdict"], "valid");
    EXPECT_EQ(written.json["exhausted"], true);
    EXPECT_EQ(written.json["budgets"]["timeouts"], 1);
    EXPECT_EQ(written.json["violation"], nullptr);
    EXPECT_GT(written.json["states"], 100);
}

TEST(Report, TellsEveryRound) {
    Options options = with({{Budget::timeouts, 1}, {Budget::crashes, 1}});
    options.events = 2;

    const Written written = write(options);

    EXPECT_NE(written.text.find("\n   1 event  at most: all "), std::string::npos) << written.text;
    EXPECT_NE(written.text.find("\n   2 events at most: all "), std::string::npos);
    EXPECT_NE(written.text.find("at most 2 of these together"), std::string::npos);
    const nlohmann::json& rounds = written.json["rounds"];
    ASSERT_EQ(rounds.size(), 2U);
    EXPECT_EQ(rounds[0]["events"], 1);
    EXPECT_LT(rounds[0]["states"], rounds[1]["states"]);
    EXPECT_EQ(rounds[1]["states"], written.json["states"]);
    EXPECT_EQ(rounds[1]["whole"], true);
    EXPECT_EQ(written.json["events"], 2);
}

TEST(Report, OfASearchThatALimitEnded) {
    const Written written = write(with({{Budget::timeouts, 1}}), {.depth = 3});

    EXPECT_TRUE(written.text.starts_with("UNKNOWN: stopped by --depth"));
    EXPECT_EQ(written.json["verdict"], "unknown");
    EXPECT_EQ(written.json["stopped_by"], "depth");
    EXPECT_EQ(written.json["limits"]["depth"], 3);
}

TEST(Report, NamesBothEventsOfAContradictionAndEveryStep) {
    if (!raft::zoo::Bugs::compiled_in) {
        GTEST_SKIP() << "no bugs in this build";
    }
    Options options = with({{Budget::timeouts, 1}, {Budget::reads, 1}});
    options.start = Start::elected;
    enable_bug(options, "no-quorum-ack");

    const Written written = write(options, {}, "no-quorum-ack");

    EXPECT_TRUE(written.text.starts_with("INVALID: read-index: n1, term 1, index 2, after 29"));
    EXPECT_NE(written.text.find("  step 28: n2 committed up to index 2 in term 2\n"),
              std::string::npos)
        << written.text;
    EXPECT_NE(written.text.find("\n    1  n1's election timer fires\n"), std::string::npos);
    EXPECT_NE(written.text.find("\n   29  a client asks n1 for a read\n"), std::string::npos);
    const nlohmann::json& violation = written.json["violation"];
    EXPECT_EQ(violation["property"], "read-index");
    EXPECT_EQ(violation["node"], "n1");
    EXPECT_EQ(violation["index"], 2);
    EXPECT_EQ(violation["contradicts"]["step"], 28);
    EXPECT_EQ(violation["steps"].size(), 29U);
    EXPECT_EQ(violation["steps"][28]["what"], "a client asks n1 for a read");
}

TEST(Report, ExitCodes) {
    EXPECT_EQ(exit_code(Stop::exhausted), 0);
    EXPECT_EQ(exit_code(Stop::violation), 1);
    for (const Stop stop : {Stop::none, Stop::depth, Stop::states, Stop::memory}) {
        EXPECT_EQ(exit_code(stop), 2);
    }
}

TEST(Options, ABugThatIsNotKnownIsAUsageError) {
    Options options;

    EXPECT_THROW(enable_bug(options, "no-such-bug"), UsageError);
}

}  // namespace
}  // namespace squall::harness::explore
