// What report.html carries; how it looks and runs is tested in a browser (web_test.py).
#include "harness/report/html.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/judge.hpp"
#include "harness/report/escape.hpp"
#include "harness/report/page_data.hpp"
#include "storm.hpp"

namespace squall::harness::report {
namespace {

using Json = nlohmann::ordered_json;
using harness::testing::storm;

const std::string hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>&\"'";

Results results_of(const RunRecord& record) {
    return judge(record, {.version = "0.0.0-test"});
}

Json page(const RunRecord& record, const Material& more = {}) {
    Material material = more;
    material.events = record.events;
    return Json::parse(page_data(results_of(record), material));
}

std::size_t count(const std::string& text, const std::string& word) {
    std::size_t found = 0;
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
        ++found;
    }
    return found;
}

checker::TraceRecord trace(NodeId node, std::int64_t at, checker::TraceBody body) {
    return {.node = node, .incarnation = 1, .raw_time_ns = at, .body = std::move(body)};
}

TEST(Escape, MarkupCannotBegin) {
    EXPECT_EQ(escape_markup("a<b>&\"'"), "a&lt;b&gt;&amp;&quot;&#39;");
    EXPECT_EQ(escape_script_json("\"</script>\""), "\"\\u003c/script>\"");
}

TEST(Escape, WhatUtf8OrXmlDoesNotAllowIsReplaced) {
    EXPECT_EQ(clean_text("a\x01z"), "a\xef\xbf\xbdz");
    EXPECT_EQ(clean_text("\xff"), "\xef\xbf\xbd");
    EXPECT_EQ(clean_text("\xc3"), "\xef\xbf\xbd");
    EXPECT_EQ(clean_text("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    EXPECT_EQ(clean_text("gr\xc3\xbc\xc3\x9f \xf0\x9f\x8c\xa9"),
              "gr\xc3\xbc\xc3\x9f \xf0\x9f\x8c\xa9");
}

TEST(Escape, ShortenedTextEndsBetweenCharacters) {
    EXPECT_EQ(shortened("abc", 3), "abc");
    EXPECT_EQ(shortened("ab\xc3\xbc", 3), "ab\xe2\x80\xa6");
}

TEST(Html, IsOneFileThatReachesForNothing) {
    const RunRecord record = storm(12, true).record_;
    const std::string text = html(results_of(record), {.events = record.events});

    EXPECT_EQ(text.find("<!doctype html>"), 0U);
    EXPECT_NE(text.find("<h1 class=\"verdict invalid\">INVALID: "), std::string::npos);
    EXPECT_NE(text.find("content=\"default-src 'none'; "), std::string::npos);
    EXPECT_EQ(count(text, " src="), 0U);
    EXPECT_EQ(count(text, "@import"), 0U);
    EXPECT_EQ(count(text, "</script>"), 2U);
}

TEST(Html, HostileTextStaysText) {
    RunRecord record = storm(12, true).record_;
    for (history::Event& event : record.events) {
        event.key = event.key.empty() ? "" : hostile;
        event.text += hostile;
        if (event.fault) {
            event.fault->detail = hostile;
        }
    }
    record.unplanned_exits.push_back({1, hostile, "\xff\xfe" + hostile});
    record.plan.bug = hostile;

    const std::string text = html(results_of(record), {.events = record.events});

    EXPECT_EQ(count(text, "</script>"), 2U);
    EXPECT_EQ(count(text, "<img"), 0U);
    EXPECT_EQ(count(text, "<script>alert"), 0U);
}

TEST(PageData, TellsTheRun) {
    const RunRecord record = storm(12, true).record_;
    const Json json = page(record);

    EXPECT_EQ(json.at("verdict"), "invalid");
    const Json& operations = json.at("operations");
    EXPECT_EQ(operations.at("total"), 152);
    for (const char* column : {"invoked",
                               "span",
                               "start",
                               "length",
                               "client",
                               "node",
                               "function",
                               "key",
                               "argument",
                               "answer",
                               "outcome"}) {
        EXPECT_EQ(operations.at(column).size(), 152U) << column;
    }
    const Json& texts = operations.at("texts");
    EXPECT_EQ(texts.at(operations.at("function").at(0).get<std::size_t>()), "write");
    EXPECT_EQ(texts.at(operations.at("key").at(0).get<std::size_t>()), "k0");
    EXPECT_EQ(texts.at(operations.at("argument").at(0).get<std::size_t>()), "1");
    EXPECT_EQ(texts.at(operations.at("answer").at(150).get<std::size_t>()), "3");
    EXPECT_EQ(json.at("faults").at("total"), 1);
    const Json& fault = json.at("faults").at("rows").at(0);
    EXPECT_EQ(fault.at("effect"), Json::array({"messages cut 12"}));
    EXPECT_LT(fault.at("begin"), fault.at("end"));
}

TEST(PageData, SeriesCountEveryOperationOfTheMainPhase) {
    const Json series = page(storm(12, false).record_).at("series");

    std::uint64_t ok = 0;
    for (const Json& bucket : series.at("ok")) {
        ok += bucket.get<std::uint64_t>();
    }
    EXPECT_EQ(ok, 150U);
    EXPECT_EQ(series.at("p50").size(), series.at("ok").size());
}

TEST(PageData, TracesStandOnTheAxisOfTheHistory) {
    const std::vector<checker::TraceRecord> traces{
        trace(1, 5'000'000, checker::TraceInit{.term = 2}),
        trace(1, 6'000'000, checker::TraceRole{"leader", 3, 1}),
        trace(1, 7'000'000, checker::TraceCommit{.index = 4, .term = 3}),
        trace(1, 8'000'000, checker::TraceApply{.first = 3, .terms = {3, 3}, .hashes = {1, 2}})};

    const Json nodes = page_nodes(traces, std::chrono::milliseconds(4));

    ASSERT_EQ(nodes.size(), 1U);
    EXPECT_EQ(nodes[0].at("starts"), Json::array({1000}));
    EXPECT_EQ(nodes[0].at("roles").at(1), Json::array({2000, "leader", 3, 1}));
    EXPECT_EQ(nodes[0].at("commit").at(1), Json::array({3000, 4}));
    EXPECT_EQ(nodes[0].at("applied").at(1), Json::array({4000, 4}));
}

TEST(PageData, LogLinesStandOnTheAxisOfTheHistory) {
    const std::vector<LogLine> logs{{2, 9'000'000, "n2 leader term=3"}};

    EXPECT_EQ(page_logs(logs, std::chrono::milliseconds(4), Time{}).at("lines"),
              Json::array({Json::array({5000, 2, "n2 leader term=3"})}));
}

}  // namespace
}  // namespace squall::harness::report
