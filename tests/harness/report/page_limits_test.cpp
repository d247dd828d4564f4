// A page stays small whatever a run holds, says what it leaves out, and keeps the findings.
#include <numeric>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/judge.hpp"
#include "harness/report/html.hpp"
#include "harness/report/page_data.hpp"
#include "storm.hpp"

namespace squall::harness::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t report_bytes_max = 10'000'000;

std::vector<history::Operation> many_operations(std::uint64_t count) {
    history::Operation operation;
    operation.function = "write";
    operation.key = "k";
    std::vector<history::Operation> operations;
    for (std::uint64_t i = 0; i < count; ++i) {
        operation.invoked = 2 * i;
        operation.completed = 2 * i + 1;
        operation.invoked_at = std::chrono::microseconds(10 * i + 1);
        operation.completed_at = std::chrono::microseconds(10 * i + 5);
        operations.push_back(operation);
    }
    return operations;
}

/// The event numbers at which the operations shown begin.
std::vector<std::uint64_t> invocations(const Json& operations) {
    std::vector<std::uint64_t> all = operations.at("invoked").get<std::vector<std::uint64_t>>();
    std::partial_sum(all.begin(), all.end(), all.begin());
    return all;
}

bool holds(const std::vector<std::uint64_t>& sorted, std::uint64_t value) {
    return std::ranges::binary_search(sorted, value);
}

TEST(PageLimits, AllOperationsAreShownWhenTheyFit) {
    const Json json = page_operations(many_operations(1000), {}, {.operations = 1000});

    EXPECT_EQ(json.at("invoked").size(), 1000U);
    EXPECT_EQ(json.at("sample").at("every"), 1);
}

TEST(PageLimits, TooManyOperationsAreSampledOverTheWholeRun) {
    const Json json = page_operations(many_operations(100'000), {}, {.operations = 1000});

    const std::vector<std::uint64_t> shown = invocations(json);
    EXPECT_LE(shown.size(), 1000U);
    EXPECT_GE(shown.size(), 900U);
    EXPECT_EQ(shown.front(), 0U);
    EXPECT_GT(shown.back(), 2 * 99'000U);
    EXPECT_EQ(json.at("total"), 100'000);
    EXPECT_EQ(json.at("sample").at("every"), 100);
    EXPECT_TRUE(json.at("sample").at("window").is_null());
}

TEST(PageLimits, EvidenceAndItsNeighboursAreAlwaysShown) {
    // Operations 70,001 and 99,999; none of the two is a hundredth one.
    const Json json =
        page_operations(many_operations(100'000), {140'002, 199'999}, {.operations = 1000});

    const std::vector<std::uint64_t> shown = invocations(json);
    for (std::uint64_t operation = 70'001 - 200; operation < 70'001 + 200; ++operation) {
        EXPECT_TRUE(holds(shown, 2 * operation)) << operation;
    }
    EXPECT_TRUE(holds(shown, 2 * 99'999));
    EXPECT_LE(shown.size(), 1001U);
    EXPECT_LT(json.at("sample").at("window").at(0), 700'000);
    EXPECT_GT(json.at("sample").at("window").at(1), 700'000);
}

TEST(PageLimits, LogLinesNextToTheFindingAreKept) {
    std::vector<LogLine> logs;
    for (std::int64_t i = 0; i < 1000; ++i) {
        logs.push_back({1, i * 1'000'000, "line " + std::to_string(i)});
    }

    const Json json = page_logs(logs, Time{}, std::chrono::milliseconds(500), {.rows = 11});

    EXPECT_EQ(json.at("total"), 1000);
    ASSERT_EQ(json.at("lines").size(), 11U);
    EXPECT_EQ(json.at("lines").front().at(2), "line 495");
    EXPECT_EQ(json.at("lines").back().at(2), "line 505");
}

/// Not judged: the size is that of the page.
std::string page_of(const RunRecord& record, const Material& more = {}) {
    Results results;
    results.plan = record.plan;
    Material material = more;
    material.events = record.events;
    return html(results, material);
}

TEST(PageLimits, HundredThousandOperationsAreShownBelowTenMegabytes) {
    testing::RecordBuilder builder;
    for (std::int64_t value = 0; value < 100'000; ++value) {
        builder.operation(history::EventType::invoke,
                          value % 10,
                          "write",
                          history::Value("value " + std::to_string(value)));
        builder.operation(history::EventType::ok, value % 10, "write", {});
    }

    const std::string text = page_of(builder.record_);

    EXPECT_LT(text.size(), report_bytes_max);
    EXPECT_GT(text.size(), 1'000'000U);
    EXPECT_NE(text.find("\"sample\":{\"every\":1,"), std::string::npos);
}

TEST(PageLimits, HugeAndHostileTextsStayBelowTenMegabytes) {
    testing::RecordBuilder builder;
    const std::string huge(2'000'000, '<');  // Each takes six bytes in a script element.
    builder.operation(history::EventType::invoke, 1, "write", history::Value(huge));
    builder.operation(history::EventType::fail, 1, "write", {}).record_.events.back().error = huge;
    for (std::int64_t i = 0; i < 150'000; ++i) {
        const std::string text = std::to_string(i) + std::string(100, '<');
        builder.operation(history::EventType::invoke, i, "write", history::Value(text));
    }
    for (std::uint64_t id = 0; id < 20'000; ++id) {
        history::FaultRecord fault;
        fault.id = id;
        fault.name = "partition";
        fault.detail = std::string(500, '<');
        builder.add(history::EventType::fault).fault = fault;
        builder.note(std::string(5000, '<'));
    }
    std::vector<LogLine> logs;
    for (std::int64_t i = 0; i < 100'000; ++i) {
        logs.push_back({1, i, std::string(1000, '<')});
    }

    const std::string text = page_of(builder.record_, {.logs = logs});

    EXPECT_LT(text.size(), report_bytes_max);
    EXPECT_NE(text.find("\"total\":150001"), std::string::npos);
}

}  // namespace
}  // namespace squall::harness::report
