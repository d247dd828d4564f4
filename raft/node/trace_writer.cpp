#include "raft/node/trace_writer.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <iterator>
#include <system_error>
#include <type_traits>
#include <unistd.h>

#include <fmt/compile.h>
#include <fmt/format.h>

namespace squall::raft::node {

namespace {

/// Appends the fields of an event, from its type on.
class Fields {
  public:
    explicit Fields(std::string& out) : out_(out) {}

    void operator()(const InitTrace& event) {
        put(FMT_COMPILE(R"("init","term":{},"vote":{},"snapshot_term":{},"snapshot_index":{},)"
                        R"("last_term":{},"last_index":{},"hash":"{:016x}")"),
            event.hard_state.term,
            event.hard_state.voted_for,
            event.snapshot.term,
            event.snapshot.index,
            event.last.term,
            event.last.index,
            event.hash);
    }

    void operator()(const HardStateTrace& event) {
        put(FMT_COMPILE(R"("hard_state","term":{},"vote":{})"),
            event.hard_state.term,
            event.hard_state.voted_for);
    }

    void operator()(const RoleTrace& event) {
        put(FMT_COMPILE(R"("role","role":"{}","term":{},"leader":{})"),
            to_string(event.role),
            event.term,
            event.leader);
    }

    void operator()(const AppendTrace& event) {
        put(FMT_COMPILE(R"("append","first":{},"terms":)"), event.first);
        put_list(event.terms, FMT_COMPILE("{}"));
    }

    void operator()(const DurableTrace& event) {
        put(FMT_COMPILE(R"("durable","term":{},"index":{})"), event.last.term, event.last.index);
    }

    void operator()(const CommitTrace& event) {
        put(FMT_COMPILE(R"("commit","index":{},"term":{},"match":)"), event.index, event.term);
        char separator = '{';
        for (const auto& [node, index] : event.match) {
            put(FMT_COMPILE(R"({}"{}":{})"), separator, node, index);
            separator = ',';
        }
        out_ += event.match.empty() ? "{}" : "}";
    }

    void operator()(const ApplyTrace& event) {
        put(FMT_COMPILE(R"("apply","first":{},"terms":)"), event.first);
        put_list(event.terms, FMT_COMPILE("{}"));
        out_ += R"(,"hashes":)";
        put_list(event.hashes, FMT_COMPILE(R"("{:016x}")"));
        if (!event.effects.empty()) {
            put_effects(event.effects);
        }
    }

    void operator()(const SnapshotTrace& event) {
        put(FMT_COMPILE(R"("snapshot","installed":{},"term":{},"index":{},"hash":"{:016x}")"),
            event.installed,
            event.last.term,
            event.last.index,
            event.hash);
    }

    void operator()(const BoundTrace& event) {
        put(FMT_COMPILE(R"("bound","what":"{}","value":{},"limit":{})"),
            event.what,
            event.value,
            event.limit);
    }

  private:
    void put_effects(const std::vector<SessionEffect>& effects) {
        out_ += R"(,"effects":)";
        char separator = '[';
        for (const SessionEffect& effect : effects) {
            if (effect.session == 0) {
                put(FMT_COMPILE("{}null"), separator);
            } else {
                put(FMT_COMPILE("{}[{},{}]"), separator, effect.session, effect.sequence);
            }
            separator = ',';
        }
        out_ += ']';
    }

    template <typename Format, typename... Arguments>
    void put(const Format& format, const Arguments&... arguments) {
        fmt::format_to(std::back_inserter(out_), format, arguments...);
    }

    template <typename List, typename Format>
    void put_list(const List& list, const Format& format) {
        out_ += '[';
        bool first = true;
        for (const auto& item : list) {
            if (!first) {
                out_ += ',';
            }
            first = false;
            put(format, item);
        }
        out_ += ']';
    }

    std::string& out_;
};

}  // namespace

std::string format_trace_header(const TraceSource& source) {
    return fmt::format(R"({{"squall_trace":1,"node":{},"inc":{}}})"
                       "\n",
                       source.node,
                       source.incarnation);
}

void append_trace_line(std::string& out,
                       const TraceSource& source,
                       std::uint64_t sequence,
                       Time now,
                       const TraceEvent& event) {
    fmt::format_to(std::back_inserter(out),
                   FMT_COMPILE(R"({{"seq":{},"t":{},"node":{},"inc":{},"type":)"),
                   sequence,
                   now.count(),
                   source.node,
                   source.incarnation);
    std::visit(Fields(out), event);
    out += "}\n";
}

TraceWriter::TraceWriter(const std::string& directory, NodeId node) : source_{node, 0} {
    std::filesystem::create_directories(directory);
    do {
        ++source_.incarnation;
        const std::string path = fmt::format("{}/trace-{}.jsonl", directory, source_.incarnation);
        // O_EXCL: an older life's trace is never touched, whoever else looks at the directory.
        file_ = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_APPEND | O_CLOEXEC, 0644);
        if (file_ < 0 && errno != EEXIST) {
            throw std::system_error(errno, std::generic_category(), "cannot create " + path);
        }
    } while (file_ < 0);
    write_all(format_trace_header(source_));
}

TraceWriter::~TraceWriter() {
    ::close(file_);
}

void TraceWriter::write(Time now, std::span<const TraceEvent> events) {
    if (events.empty()) {
        return;
    }
    buffer_.clear();
    for (const TraceEvent& event : events) {
        append_trace_line(buffer_, source_, next_sequence_, now, event);
        ++next_sequence_;
    }
    write_all(buffer_);
}

void TraceWriter::write_all(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file_, bytes.data(), bytes.size());
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            throw std::system_error(errno, std::generic_category(), "cannot write the trace");
        }
    }
}

}  // namespace squall::raft::node
