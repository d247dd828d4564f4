#include "raft/node/trace_writer.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/raft/node/node_process.hpp"

namespace squall::raft::node {
namespace {

using nlohmann::json;

std::string line(const TraceEvent& event) {
    std::string out;
    append_trace_line(out, {2, 5}, 9, Time(1234), event);
    return out;
}

json fields(const TraceEvent& event) {
    json parsed = json::parse(line(event));
    for (const char* common : {"seq", "t", "node", "inc"}) {
        parsed.erase(common);
    }
    return parsed;
}

std::vector<json> read_lines(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::vector<json> lines;
    for (std::string text; std::getline(in, text);) {
        lines.push_back(json::parse(text));
    }
    return lines;
}

TEST(TraceLine, BeginsWithWhereAndWhen) {
    EXPECT_EQ(line(HardStateTrace{{7, 3}}),
              R"({"seq":9,"t":1234,"node":2,"inc":5,"type":"hard_state","term":7,"vote":3})"
              "\n");
}

TEST(TraceLine, HasTheFieldsOfEveryType) {
    EXPECT_EQ(fields(InitTrace{{7, 3}, {5, 50}, {6, 60}, 0xAB}),
              json::parse(R"({"type":"init","term":7,"vote":3,"snapshot_term":5,"snapshot_index":50,
                              "last_term":6,"last_index":60,"hash":"00000000000000ab"})"));
    EXPECT_EQ(fields(RoleTrace{Role::pre_candidate, 7, 1}),
              json::parse(R"({"type":"role","role":"pre_candidate","term":7,"leader":1})"));
    EXPECT_EQ(fields(AppendTrace{8, {6, 7}}),
              json::parse(R"({"type":"append","first":8,"terms":[6,7]})"));
    EXPECT_EQ(fields(DurableTrace{{7, 9}}),
              json::parse(R"({"type":"durable","term":7,"index":9})"));
    EXPECT_EQ(fields(CommitTrace{9, 7, {{1, 9}, {3, 4}}}),
              json::parse(R"({"type":"commit","index":9,"term":7,"match":{"1":9,"3":4}})"));
    EXPECT_EQ(fields(CommitTrace{9, 7, {}}),
              json::parse(R"({"type":"commit","index":9,"term":7,"match":{}})"));
    EXPECT_EQ(fields(ApplyTrace{8, {6, 7}, {0xFFFFFFFFFFFFFFFF, 1}}),
              json::parse(R"({"type":"apply","first":8,"terms":[6,7],
                              "hashes":["ffffffffffffffff","0000000000000001"]})"));
    EXPECT_EQ(fields(SnapshotTrace{true, {7, 9}, 0x10}),
              json::parse(R"({"type":"snapshot","installed":true,"term":7,"index":9,
                              "hash":"0000000000000010"})"));
}

TEST(TraceWriter, NumbersEventsFromZeroAfterTheHeader) {
    const test::TemporaryDirectory directory;
    TraceWriter writer(directory.path(), 2);
    const std::vector<TraceEvent> two{HardStateTrace{{1, 2}}, DurableTrace{{1, 1}}};

    writer.write(Time(1), two);
    writer.write(Time(2), {});
    writer.write(Time(3), two);

    const auto lines = read_lines(directory.path() / "trace-1.jsonl");
    ASSERT_EQ(lines.size(), 5U);
    EXPECT_EQ(lines[0], json::parse(R"({"squall_trace":1,"node":2,"inc":1})"));
    for (std::size_t i = 1; i < lines.size(); ++i) {
        EXPECT_EQ(lines[i].at("seq"), i - 1);
    }
}

TEST(TraceWriter, EveryLifeGetsTheNextFile) {
    const test::TemporaryDirectory directory;

    for (std::uint64_t life = 1; life <= 3; ++life) {
        const TraceWriter writer(directory.path() / "made", 2);
        EXPECT_EQ(writer.incarnation(), life);
    }

    EXPECT_EQ(read_lines(directory.path() / "made" / "trace-3.jsonl").at(0).at("inc"), 3);
}

}  // namespace
}  // namespace squall::raft::node
