#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "checker/trace.hpp"
#include "history/text_input.hpp"

namespace squall::checker {

namespace {

using Json = nlohmann::json;

using history::LineReader;
using history::printable;

constexpr int trace_version = 1;
constexpr std::size_t depth_max = 8;

/// A field that is not what the format says. Caught where file and line are known.
struct Malformed {
    std::string field;
    std::string problem;
};

const Json& require(const Json& line, const char* field) {
    const auto found = line.find(field);
    if (found == line.end()) {
        throw Malformed{field, "missing"};
    }
    return *found;
}

template <typename Integer>
Integer integer(const Json& json, const char* field) {
    if (!json.is_number_unsigned() || !std::in_range<Integer>(json.get<std::uint64_t>())) {
        throw Malformed{field, "not a non-negative integer in range"};
    }
    return json.get<Integer>();
}

std::uint64_t number(const Json& line, const char* field) {
    return integer<std::uint64_t>(require(line, field), field);
}

NodeId node_id(const Json& line, const char* field) {
    return integer<NodeId>(require(line, field), field);
}

std::string text(const Json& line, const char* field) {
    const Json& json = require(line, field);
    if (!json.is_string()) {
        throw Malformed{field, "not a string"};
    }
    return json.get<std::string>();
}

std::uint64_t hash_of(const Json& json, const char* field) {
    std::uint64_t hash = 0;
    if (json.is_string()) {
        const auto& digits = json.get_ref<const std::string&>();
        const char* end = digits.data() + digits.size();
        const auto parsed = std::from_chars(digits.data(), end, hash, 16);
        if (digits.size() == 16 && parsed.ec == std::errc{} && parsed.ptr == end) {
            return hash;
        }
    }
    throw Malformed{field, "not 16 hex digits"};
}

template <typename Element>
std::vector<std::uint64_t> list(const Json& line, const char* field, Element element) {
    const Json& json = require(line, field);
    if (!json.is_array()) {
        throw Malformed{field, "not an array"};
    }
    std::vector<std::uint64_t> result;
    result.reserve(json.size());
    for (const Json& entry : json) {
        result.push_back(element(entry, field));
    }
    return result;
}

TraceCommit commit_of(const Json& line) {
    TraceCommit commit{number(line, "index"), number(line, "term"), {}};
    const Json& match = require(line, "match");
    if (!match.is_object()) {
        throw Malformed{"match", "not an object"};
    }
    for (const auto& [node, index] : match.items()) {
        NodeId id = 0;
        const char* end = node.data() + node.size();
        const auto parsed = std::from_chars(node.data(), end, id);
        if (parsed.ec != std::errc{} || parsed.ptr != end) {
            throw Malformed{"match", fmt::format("not a node: {}", printable(node))};
        }
        commit.match[id] = integer<std::uint64_t>(index, "match");
    }
    return commit;
}

TraceApply apply_of(const Json& line) {
    TraceApply apply{number(line, "first"),
                     list(line, "terms", integer<std::uint64_t>),
                     list(line, "hashes", hash_of)};
    if (apply.terms.size() != apply.hashes.size()) {
        throw Malformed{"hashes", "not as many as terms"};
    }
    return apply;
}

TraceBody body_of(const Json& line) {
    const std::string type = text(line, "type");
    if (type == "init") {
        return TraceInit{number(line, "term"),
                         node_id(line, "vote"),
                         number(line, "snapshot_term"),
                         number(line, "snapshot_index"),
                         number(line, "last_term"),
                         number(line, "last_index"),
                         hash_of(require(line, "hash"), "hash")};
    }
    if (type == "hard_state") {
        return TraceHardState{number(line, "term"), node_id(line, "vote")};
    }
    if (type == "role") {
        return TraceRole{text(line, "role"), number(line, "term"), node_id(line, "leader")};
    }
    if (type == "append") {
        return TraceAppend{number(line, "first"), list(line, "terms", integer<std::uint64_t>)};
    }
    if (type == "durable") {
        return TraceDurable{number(line, "term"), number(line, "index")};
    }
    if (type == "commit") {
        return commit_of(line);
    }
    if (type == "apply") {
        return apply_of(line);
    }
    if (type == "snapshot") {
        const Json& installed = require(line, "installed");
        if (!installed.is_boolean()) {
            throw Malformed{"installed", "not true or false"};
        }
        return TraceSnapshot{installed.get<bool>(),
                             number(line, "term"),
                             number(line, "index"),
                             hash_of(require(line, "hash"), "hash")};
    }
    throw Malformed{"type", fmt::format("unknown: {}", printable(type))};
}

Json json_of(std::string_view line) {
    if (history::nests_deeper(line, depth_max)) {
        throw Malformed{"", fmt::format("JSON deeper than {}", depth_max)};
    }
    Json json = Json::parse(line, nullptr, false);
    if (json.is_discarded()) {
        throw Malformed{"", history::why_not_json(line)};
    }
    if (!json.is_object()) {
        throw Malformed{"", "not a JSON object"};
    }
    return json;
}

/// One life of one node: a header line, then its records, numbered without a gap.
class Life {
  public:
    void read(std::istream& in, const std::string& name, LoadedTrace& trace) {
        LineReader reader(in, max_trace_line_bytes);
        try {
            while (read_line(reader, name, trace)) {
            }
        } catch (const Malformed& malformed) {
            trace.error = fmt::format("{}:{}: {}{}{}",
                                      name,
                                      std::max<std::size_t>(reader.number(), 1),
                                      malformed.field,
                                      malformed.field.empty() ? "" : ": ",
                                      malformed.problem);
        }
    }

  private:
    bool read_line(LineReader& reader, const std::string& name, LoadedTrace& trace) {
        switch (reader.next()) {
            case LineReader::Got::line:
                if (reader.number() == 1) {
                    header(json_of(reader.line()));
                } else {
                    trace.records.push_back(record(json_of(reader.line())));
                }
                return true;
            case LineReader::Got::unterminated:
                trace.warnings.push_back(
                    fmt::format("{}:{}: unterminated last line dropped", name, reader.number()));
                return true;
            case LineReader::Got::too_long:
                throw Malformed{"", fmt::format("line longer than {} bytes", max_trace_line_bytes)};
            case LineReader::Got::unreadable:
                throw Malformed{"", "the file cannot be read any further"};
            case LineReader::Got::end:
                break;
        }
        return false;
    }

    void header(const Json& line) {
        if (number(line, "squall_trace") != trace_version) {
            throw Malformed{"squall_trace",
                            fmt::format("only version {} is supported", trace_version)};
        }
        node_ = node_id(line, "node");
        incarnation_ = number(line, "inc");
    }

    TraceRecord record(const Json& line) {
        TraceRecord record;
        record.node = node_id(line, "node");
        record.incarnation = number(line, "inc");
        record.sequence = number(line, "seq");
        record.raw_time_ns = integer<std::int64_t>(require(line, "t"), "t");
        if (record.node != node_ || record.incarnation != incarnation_) {
            throw Malformed{"node", "another node or incarnation than in the header"};
        }
        if (record.sequence != next_++) {
            throw Malformed{"seq", fmt::format("expected {}", next_ - 1)};
        }
        record.body = body_of(line);
        return record;
    }

    NodeId node_ = 0;
    std::uint64_t incarnation_ = 0;
    std::uint64_t next_ = 0;
};

}  // namespace

LoadedTrace load_trace(std::istream& in, const std::string& name) {
    LoadedTrace trace;
    Life().read(in, name, trace);
    return trace;
}

LoadedTrace load_traces(const std::string& directory) {
    LoadedTrace trace;
    std::error_code error;
    std::vector<std::string> paths;
    for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        if (name.starts_with("trace-") && name.ends_with(".jsonl")) {
            paths.push_back(entry->path().string());
        }
    }
    if (error) {
        trace.error = fmt::format("{}: {}", directory, error.message());
        return trace;
    }
    std::sort(paths.begin(), paths.end());
    for (const std::string& path : paths) {
        const std::string obstacle = history::obstacle_to_reading(path);
        std::ifstream in(path, std::ios::binary);
        if (!obstacle.empty() || !in) {
            trace.error = path + ": " + (obstacle.empty() ? "cannot be opened" : obstacle);
            return trace;
        }
        Life().read(in, path, trace);
        if (trace.error) {
            return trace;
        }
    }
    std::stable_sort(
        trace.records.begin(), trace.records.end(), [](const TraceRecord& a, const TraceRecord& b) {
            return std::pair{a.incarnation, a.sequence} < std::pair{b.incarnation, b.sequence};
        });
    return trace;
}

}  // namespace squall::checker
