#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "checker/trace.hpp"
#include "checker/trace_body.hpp"
#include "history/text_input.hpp"

namespace squall::checker {

namespace {

using Json = nlohmann::json;

using history::LineReader;

constexpr int trace_version = 1;
constexpr std::size_t depth_max = 8;

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
        record.raw_time_ns = time_ns(line, "t");
        if (record.node != node_ || record.incarnation != incarnation_) {
            throw Malformed{"node", "another node or incarnation than in the header"};
        }
        if (record.sequence != next_++) {
            throw Malformed{"seq", fmt::format("expected {}", next_ - 1)};
        }
        record.body = trace_body_of(line);
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
