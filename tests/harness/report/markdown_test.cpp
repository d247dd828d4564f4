// report.md can be pasted into an issue tracker whatever a run holds.
#include "harness/report/markdown.hpp"

#include <gtest/gtest.h>

#include "harness/judge.hpp"
#include "storm.hpp"

namespace squall::harness::report {
namespace {

using harness::testing::storm;

bool mentions(const std::string& text, const std::string& word) {
    return text.find(word) != std::string::npos;
}

std::string report_of(const RunRecord& record) {
    return markdown(judge(record, {.version = "0.0.0-test"}), record.events);
}

TEST(Markdown, ClockFaultsAreListedWithWhatTheyDidAndMeasured) {
    testing::RecordBuilder builder = storm(12, false);
    for (history::Event& event : builder.record_.events) {
        if (event.fault) {
            event.fault->name = "clock";
            event.fault->detail = "clock: n1 at rate 0.47";
            if (!event.fault->effect.empty()) {
                event.fault->effect = {{"clock_changes", 1}, {"clock_offset_ms_max", 953}};
            }
        }
    }

    const std::string text = report_of(builder.record_);

    EXPECT_TRUE(mentions(text,
                         "| clock | clock: n1 at rate 0.47 | n1 leader | clock changes 1, clock "
                         "offset 953 ms at most |"))
        << text;
}

TEST(Markdown, NumbersOfEventsAreNoLinksToIssues) {
    const std::string text = report_of(storm(12, true).record_);

    EXPECT_EQ(text.find("# INVALID: "), 0U);
    EXPECT_TRUE(mentions(text, "read op 303 by c1")) << text;
    EXPECT_FALSE(mentions(text.substr(0, text.find("```")), "#303")) << text;
}

TEST(Markdown, FailureOfTheHarnessHasOneLineAsItsTitle) {
    RunRecord record = storm(12, false).record_;
    record.void_reason = "node n1 ended\n  command: raft-node --id 1\n```\n# not a title";

    const std::string text = report_of(record);

    EXPECT_EQ(text.find("# VOID: the harness failed: node n1 ended\n\n````\n"), 0U) << text;
    EXPECT_FALSE(mentions(text, ": unknown\n")) << text;
}

TEST(Markdown, HostileTextNeitherFormatsNorNests) {
    RunRecord record = storm(12, false).record_;
    record.trace_checks.push_back({.name = "</details>|x",
                                   .detector = "<t>",
                                   .verdict = checker::Verdict::invalid,
                                   .reason = "<img src=x> [a](b) `c\nd\x01\xff",
                                   .details = {"```", "</details>"}});

    const std::string text = report_of(record);

    EXPECT_TRUE(mentions(text, "&lt;img src=x> \\[a\\](b) \\`c d")) << text;
    EXPECT_TRUE(mentions(text, "| &lt;/details>\\|x |")) << text;
    EXPECT_TRUE(mentions(text, "````\n```\n</details>\n````")) << text;
    EXPECT_FALSE(mentions(text, "\xff")) << text;
}

TEST(Markdown, EachReasonIsSaidOnce) {
    RunRecord record = storm(12, false).record_;
    for (const char* name : {"first", "second"}) {
        const std::string reason = std::string("because of the ") + name;
        record.trace_checks.push_back({.name = name,
                                       .detector = "trace",
                                       .verdict = checker::Verdict::invalid,
                                       .reason = reason,
                                       .details = {reason}});
    }

    const std::string text = report_of(record);

    for (const std::string reason : {"because of the first", "because of the second"}) {
        EXPECT_TRUE(mentions(text, reason)) << text;
        EXPECT_EQ(text.find(reason), text.rfind(reason)) << text;
    }
}

TEST(Markdown, StaysBelowWhatTrackersAccept) {
    RunRecord record = storm(12, false).record_;
    for (int i = 0; i < 100; ++i) {
        record.trace_checks.push_back(
            {.name = "check " + std::to_string(i),
             .detector = "trace",
             .verdict = checker::Verdict::invalid,
             .reason = std::string(100'000, 'x'),
             .details = std::vector<std::string>(30, std::string(10'000, 'y')),
             .evidence = std::vector<std::uint64_t>(1000, 1)});
    }

    const std::string text = report_of(record);

    EXPECT_LE(text.size(), markdown_bytes_max);
    EXPECT_TRUE(mentions(text, "report.html"));
}

}  // namespace
}  // namespace squall::harness::report
