#include "harness/compare/recorded_run.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/compare/trace_bytes.hpp"
#include "harness/failure.hpp"
#include "history/jsonl.hpp"
#include "history/random.hpp"
#include "history/text_input.hpp"

namespace squall::harness::compare {
namespace {

using Json = nlohmann::ordered_json;
using checker::Check;
using checker::Verdict;

constexpr std::size_t head_bytes_max = std::size_t{1} << 20U;
constexpr std::size_t depth_max = 8;

Json head_of(const RecordedRun& run) {
    Json exits = Json::array();
    for (const NodeExited& exited : run.record.unplanned_exits) {
        exits.push_back({{"node", exited.node},
                         {"how", exited.how},
                         {"last_words", exited.last_words},
                         {"by_fault", exited.by_fault},
                         {"for_ever", exited.for_ever}});
    }
    Json checks = Json::array();
    for (const Check& check : run.record.trace_checks) {
        checks.push_back({{"name", check.name},
                          {"detector", check.detector},
                          {"verdict", checker::to_string(check.verdict)},
                          {"reason", check.reason},
                          {"details", check.details}});
    }
    return {{"squall_recorded_run", runner_version},
            {"elapsed_ns", run.record.elapsed.count()},
            {"void_reason", run.record.void_reason},
            {"exits", std::move(exits)},
            {"checks", std::move(checks)},
            {"messages", run.traffic.messages},
            {"payload_bytes", run.traffic.payload_bytes}};
}

Verdict verdict_from(const std::string& text) {
    for (const Verdict verdict : {Verdict::valid, Verdict::unknown, Verdict::invalid}) {
        if (text == checker::to_string(verdict)) {
            return verdict;
        }
    }
    throw Failure("a recorded run has a verdict that nobody knows");
}

void read_head(const Json& head, RecordedRun& run) {
    run.record.elapsed = Duration(head.at("elapsed_ns").get<std::int64_t>());
    run.record.void_reason = head.at("void_reason").get<std::string>();
    for (const Json& exited : head.at("exits")) {
        run.record.unplanned_exits.push_back({exited.at("node").get<NodeId>(),
                                              exited.at("how").get<std::string>(),
                                              exited.at("last_words").get<std::string>(),
                                              exited.at("by_fault").get<bool>(),
                                              exited.at("for_ever").get<bool>()});
    }
    for (const Json& json : head.at("checks")) {
        Check check;
        check.name = json.at("name").get<std::string>();
        check.detector = json.at("detector").get<std::string>();
        check.verdict = verdict_from(json.at("verdict").get<std::string>());
        check.reason = json.at("reason").get<std::string>();
        check.details = json.at("details").get<std::vector<std::string>>();
        run.record.trace_checks.push_back(std::move(check));
    }
    run.traffic.messages = head.at("messages").get<std::uint64_t>();
    run.traffic.payload_bytes = head.at("payload_bytes").get<std::uint64_t>();
}

/// What this program's own checker says of the traces goes before, and instead of, what the other
/// program's said.
void judge_traces(RecordedRun& run) {
    // A simulator records in the order in which things happened.
    checker::TraceChecker checker(checker::TraceOrder::real);
    for (const checker::TraceRecord& record : run.traces) {
        checker.add(record);
    }
    std::vector<Check> checks = checker.results();
    for (Check& theirs : run.record.trace_checks) {
        const bool ours = std::ranges::any_of(
            checks, [&](const Check& check) { return check.name == theirs.name; });
        if (!ours) {
            checks.push_back(std::move(theirs));
        }
    }
    run.record.trace_checks = std::move(checks);
}

class Sections {
  public:
    explicit Sections(std::string_view bytes) : rest_(bytes) {}

    std::string_view next() {
        const std::size_t end = rest_.substr(0, 24).find('\n');
        std::uint64_t size = 0;
        for (const char digit : rest_.substr(0, end == rest_.npos ? 0 : end)) {
            size = digit >= '0' && digit <= '9' ? size * 10 + static_cast<unsigned>(digit - '0')
                                                : recorded_bytes_max + 1;
        }
        if (end == rest_.npos || end == 0 || size > rest_.size() - end - 1) {
            throw Failure("a recorded run is cut short");
        }
        const std::string_view section = rest_.substr(end + 1, size);
        rest_.remove_prefix(end + 1 + size);
        return section;
    }

  private:
    std::string_view rest_;
};

std::string section(const std::string& content) {
    return fmt::format("{}\n", content.size()) + content;
}

std::string history_of(const std::vector<history::Event>& events) {
    std::string lines = history::header_line() + "\n";
    for (const history::Event& event : events) {
        lines += history::to_line(event);
        lines += '\n';
    }
    return lines;
}

}  // namespace

std::string encode(const RecordedRun& run) {
    // Last words of a node may be anything.
    return section(head_of(run).dump(-1, ' ', true, Json::error_handler_t::replace)) +
           section(to_json(run.record.realised)) + section(history_of(run.record.events)) +
           section(trace_bytes(run.traces));
}

RecordedRun decode(std::string_view bytes, const Plan& plan) {
    RecordedRun run;
    run.record.plan = plan;
    Sections sections(bytes);
    const std::string_view head = sections.next();
    if (head.size() > head_bytes_max || history::nests_deeper(head, depth_max)) {
        throw Failure("the head of a recorded run is too large");
    }
    try {
        read_head(Json::parse(head), run);
    } catch (const nlohmann::json::exception& error) {
        throw Failure(fmt::format("the head of a recorded run is malformed: {}",
                                  history::printable(error.what())));
    }
    run.record.realised = plan_from_json(std::string(sections.next()), "a recorded run's plan");
    std::istringstream lines{std::string(sections.next())};
    history::Loaded loaded = history::load(lines, "a recorded run's history");
    if (loaded.error) {
        throw Failure(loaded.error->message());
    }
    run.record.events = std::move(loaded.events);
    run.traces = traces_from(sections.next());
    judge_traces(run);
    return run;
}

std::string digest(std::string_view bytes) {
    // Two independent lanes of a word a step; against chance, not against a forger.
    std::uint64_t a = bytes.size();
    std::uint64_t b = ~a;
    for (std::size_t at = 0; at < bytes.size(); at += 8) {
        std::uint64_t word = 0;
        for (const char c : bytes.substr(at, 8)) {
            word = word << 8U | static_cast<unsigned char>(c);
        }
        a = history::mix(a ^ word);
        b = (b ^ word) * 0x100000001b3ULL;
        b ^= b >> 29U;
    }
    return fmt::format("{:016x}{:016x}", a, b);
}

}  // namespace squall::harness::compare
