#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

#include "checker/trace.hpp"

namespace squall::checker {
namespace {

const std::string header = "{\"squall_trace\":1,\"node\":2,\"inc\":1}\n";

class TraceLoad : public ::testing::Test {
  public:
    TraceLoad(const TraceLoad&) = delete;
    TraceLoad& operator=(const TraceLoad&) = delete;

  protected:
    TraceLoad()
        : directory_(std::filesystem::temp_directory_path() /
                     ("squall-trace-" + std::to_string(::getpid()) + "-" +
                      ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
        std::filesystem::create_directories(directory_);
    }

    ~TraceLoad() override { std::filesystem::remove_all(directory_); }

    void file(const std::string& name, const std::string& content) const {
        std::ofstream(directory_ / name) << content;
    }

    void directory(const std::string& name) const {
        std::filesystem::create_directory(directory_ / name);
    }

    [[nodiscard]] LoadedTrace load() const { return load_traces(directory_.string()); }

    /// The error without the directory.
    [[nodiscard]] std::string problem_of(const std::string& content) const {
        file("trace-1.jsonl", content);
        const std::string error = load().error.value_or("");
        return error.substr(error.rfind('/') + 1);
    }

  private:
    std::filesystem::path directory_;
};

std::string line(int sequence, const std::string& rest, int incarnation = 1) {
    return "{\"seq\":" + std::to_string(sequence) +
           ",\"t\":5,\"node\":2,\"inc\":" + std::to_string(incarnation) + "," + rest + "}\n";
}

TEST_F(TraceLoad, ReadsWhatANodeNeedNotTell) {
    file("trace-1.jsonl",
         header +
             line(0,
                  R"("type":"apply","first":4,"terms":[2,2],)"
                  R"("hashes":["000000000000000a","000000000000000b"],"effects":[null,[7,3]])") +
             line(1, R"("type":"bound","what":"log_entries","value":12,"limit":125)"));

    const LoadedTrace trace = load();

    ASSERT_FALSE(trace.error) << *trace.error;
    ASSERT_EQ(trace.records.size(), 2U);
    EXPECT_EQ(std::get<TraceApply>(trace.records[0].body).effects,
              (std::vector<TraceEffect>{{0, 0}, {7, 3}}));
    const auto& bound = std::get<TraceBound>(trace.records[1].body);
    EXPECT_EQ(bound.what, "log_entries");
    EXPECT_EQ(bound.value, 12U);
    EXPECT_EQ(bound.limit, 125U);
}

TEST_F(TraceLoad, EffectsThatAreNoneAreRefused) {
    const auto with = [this](const std::string& effects) {
        return problem_of(header + line(0,
                                        R"("type":"apply","first":4,"terms":[2],)"
                                        R"("hashes":["000000000000000a"],"effects":)" +
                                            effects));
    };

    EXPECT_EQ(with("[]"), "trace-1.jsonl:2: effects: not an array of as many as terms");
    EXPECT_EQ(with("[[7]]"), "trace-1.jsonl:2: effects: neither null nor [session, sequence]");
    EXPECT_EQ(with("[[0,1]]"), "trace-1.jsonl:2: effects: session 0 is none; write null");
    EXPECT_EQ(with("[[7,-1]]"), "trace-1.jsonl:2: effects: not a non-negative integer in range");
}

TEST_F(TraceLoad, ReadsEveryTypeOfRecord) {
    file("trace-1.jsonl",
         header +
             line(0,
                  R"("type":"init","term":3,"vote":1,"snapshot_term":2,"snapshot_index":7,)"
                  R"("last_term":3,"last_index":9,"hash":"00000000000000ff")") +
             line(1, R"("type":"hard_state","term":4,"vote":2)") +
             line(2, R"("type":"role","role":"leader","term":4,"leader":2)") +
             line(3, R"("type":"append","first":10,"terms":[4,4])") +
             line(4, R"("type":"durable","term":4,"index":11)") +
             line(5, R"("type":"commit","index":11,"term":4,"match":{"1":11,"2":11,"3":0})") +
             line(6, R"("type":"apply","first":10,"terms":[4],"hashes":["ffffffffffffffff"])") +
             line(7,
                  R"("type":"snapshot","installed":true,"term":4,"index":20,)"
                  R"("hash":"0123456789abcdef")"));

    const LoadedTrace trace = load();

    ASSERT_FALSE(trace.error) << *trace.error;
    ASSERT_EQ(trace.records.size(), 8U);
    EXPECT_EQ(std::get<TraceInit>(trace.records[0].body).hash, 0xffU);
    EXPECT_EQ(std::get<TraceHardState>(trace.records[1].body).vote, 2U);
    EXPECT_EQ(std::get<TraceRole>(trace.records[2].body).role, "leader");
    EXPECT_EQ(std::get<TraceAppend>(trace.records[3].body).terms.size(), 2U);
    EXPECT_EQ(std::get<TraceDurable>(trace.records[4].body).index, 11U);
    EXPECT_EQ(std::get<TraceCommit>(trace.records[5].body).match.at(3), 0U);
    EXPECT_EQ(std::get<TraceApply>(trace.records[6].body).hashes[0], ~std::uint64_t{0});
    EXPECT_TRUE(std::get<TraceSnapshot>(trace.records[7].body).installed);
    EXPECT_EQ(trace.records[7].sequence, 7U);
    EXPECT_EQ(trace.records[7].raw_time_ns, 5);
}

TEST_F(TraceLoad, OrdersLivesByNumber) {
    for (const int life : {10, 9, 1}) {
        file("trace-" + std::to_string(life) + ".jsonl",
             "{\"squall_trace\":1,\"node\":2,\"inc\":" + std::to_string(life) + "}\n" +
                 line(0, R"("type":"durable","term":1,"index":1)", life));
    }
    file("other.txt", "not a trace");

    const LoadedTrace trace = load();

    ASSERT_FALSE(trace.error);
    ASSERT_EQ(trace.records.size(), 3U);
    EXPECT_EQ(trace.records[0].incarnation, 1U);
    EXPECT_EQ(trace.records[2].incarnation, 10U);
}

TEST_F(TraceLoad, DropsAnUnterminatedLastLine) {
    file("trace-1.jsonl",
         header + line(0, R"("type":"durable","term":1,"index":1)") + "{\"seq\":1,");

    const LoadedTrace trace = load();

    EXPECT_FALSE(trace.error);
    EXPECT_EQ(trace.records.size(), 1U);
    EXPECT_EQ(trace.warnings.size(), 1U);
}

TEST_F(TraceLoad, NamesFileLineFieldAndProblem) {
    EXPECT_EQ(problem_of("{}\n"), "trace-1.jsonl:1: squall_trace: missing");
    EXPECT_EQ(problem_of(header + "nonsense\n"), "trace-1.jsonl:2: not JSON at byte 2");
    EXPECT_EQ(problem_of(header + line(1, R"("type":"durable","term":1,"index":1)")),
              "trace-1.jsonl:2: seq: expected 0");
    EXPECT_EQ(problem_of(header + "[]\n"), "trace-1.jsonl:2: not a JSON object");
    EXPECT_EQ(problem_of(header + std::string(100'000, '[') + "\n"),
              "trace-1.jsonl:2: JSON deeper than 8");
    EXPECT_EQ(problem_of(header + std::string(max_trace_line_bytes + 1, 'x') + "\n"),
              "trace-1.jsonl:2: line longer than 67108864 bytes");
    EXPECT_EQ(problem_of(header + line(0, R"("type":"dream")")),
              "trace-1.jsonl:2: type: unknown: dream");
    EXPECT_EQ(problem_of(header + line(0, R"("type":"durable","term":-1,"index":1)")),
              "trace-1.jsonl:2: term: not a non-negative integer in range");
    EXPECT_EQ(
        problem_of(header + line(0, R"("type":"apply","first":1,"terms":[1],"hashes":["f"])")),
        "trace-1.jsonl:2: hashes: not 16 hex digits");
    EXPECT_EQ(problem_of(header + line(0, R"("type":"durable","term":1,"index":1)", 2)),
              "trace-1.jsonl:2: node: another node or incarnation than in the header");
}

TEST_F(TraceLoad, ReadsNothingButRegularFiles) {
    directory("trace-1.jsonl");

    const LoadedTrace trace = load();

    ASSERT_TRUE(trace.error);
    EXPECT_TRUE(trace.error->ends_with("trace-1.jsonl: is a directory, not a file"));
}

TEST_F(TraceLoad, SaysWhenThereIsNoDirectory) {
    EXPECT_TRUE(load_traces("/nonexistent/traces").error);
}

}  // namespace
}  // namespace squall::checker
