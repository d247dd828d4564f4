// A node's trace file, and the checker of the paper's invariants behind it.
#include <sstream>

#include "checker/trace.hpp"
#include "raft/node/trace_writer.hpp"
#include "tests/fuzz/target.hpp"

namespace squall::fuzz {
namespace {

constexpr std::size_t message_max = 400;

bool run(std::string_view text) {
    std::istringstream in{std::string(text)};
    const checker::LoadedTrace trace = checker::load_trace(in, "t");
    if (trace.error) {
        must(trace.error->starts_with("t:") && trace.error->size() < message_max,
             "a message is short");
        for (const char c : *trace.error) {
            must(c >= ' ' && c <= '~', "a message is printable");
        }
    }
    checker::TraceChecker checker;
    for (const checker::TraceRecord& record : trace.records) {
        (void)checker.add(record);
    }
    (void)checker.results();
    return !trace.records.empty();
}

std::vector<std::string> seeds() {
    using namespace raft;  // NOLINT(google-build-using-namespace)
    const node::TraceSource source{2, 1};
    const std::vector<TraceEvent> events{InitTrace{{1, 0}, {1, 4}, {1, 6}, 0xabc},
                                         HardStateTrace{{2, 2}},
                                         RoleTrace{Role::leader, 2, 2},
                                         AppendTrace{7, {2, 2, 2}},
                                         DurableTrace{{2, 9}},
                                         CommitTrace{8, 2, {{1, 8}, {2, 9}, {3, 0}}},
                                         ApplyTrace{5, {1, 1, 2, 2}, {1, 2, 3, 4}},
                                         SnapshotTrace{true, {2, 20}, 77},
                                         AppendTrace{21, {2}}};
    std::string text = node::format_trace_header(source);
    for (std::size_t i = 0; i < events.size(); ++i) {
        node::append_trace_line(text, source, i, Time(100 * i), events[i]);
    }
    return {text, text + "{\"seq\":9"};
}

std::vector<std::string> tokens() {
    return {"\"seq\":",
            "\"type\":\"",
            "append\"",
            "commit\"",
            "apply\"",
            "\"first\":",
            "\"terms\":[",
            "\"hashes\":",
            "\"match\":{",
            "18446744073709551615",
            "\"index\":",
            "\"inc\":",
            "[[[[[[[[[",
            "\xff",
            "\n"};
}

}  // namespace

const Target trace{"trace", run, seeds, tokens, "seq"};

}  // namespace squall::fuzz
