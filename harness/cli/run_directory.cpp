#include "harness/cli/run_directory.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/failure.hpp"
#include "harness/report/html.hpp"
#include "harness/report/junit.hpp"
#include "harness/report/markdown.hpp"
#include "harness/report/message_sequence.hpp"
#include "harness/report/results_json.hpp"
#include "harness/report/story.hpp"
#include "history/text_input.hpp"
#include "nemesis/fault_class.hpp"

namespace squall::harness::cli {
namespace {

namespace fs = std::filesystem;

std::string profile_of(const Plan& plan) {
    if (plan.fault_classes.empty()) {
        return "none";
    }
    const bool all = std::ranges::all_of(nemesis::fault_classes(), [&](const auto* each) {
        return each->needs() == "disks" ||
               std::ranges::find(plan.fault_classes, each->name()) != plan.fault_classes.end();
    });
    if (all) {
        return "all";
    }
    return fmt::format("{}", fmt::join(plan.fault_classes, "+"));
}

void point_latest_at(const fs::path& directory) {
    const fs::path link = directory.parent_path() / "latest";
    // In the run's own directory, so that a squall that is killed here litters nothing else.
    const fs::path temporary = directory / "latest";
    std::error_code ignored;  // A convenience: two runs at once may race for it.
    fs::create_directory_symlink(directory.filename(), temporary, ignored);
    fs::rename(temporary, link, ignored);
}

}  // namespace

void require_new_directory(const std::string& out) {
    if (out.empty()) {
        return;
    }
    std::error_code error;
    if (fs::exists(fs::symlink_status(out, error))) {
        throw UsageError("--out: " + out + " exists already; name a new directory");
    }
    fs::path parent = fs::absolute(out, error).parent_path();
    while (!fs::exists(parent, error) && parent.has_relative_path()) {
        parent = parent.parent_path();
    }
    if (!fs::is_directory(parent, error)) {
        throw Failure("--out: " + parent.string() + " is not a directory; name another place");
    }
    if (::access(parent.c_str(), W_OK | X_OK) != 0) {
        throw Failure("--out: " + parent.string() + ": " + std::generic_category().message(errno) +
                      "; name another place");
    }
}

std::string make_run_directory(const Plan& plan, const std::string& out) {
    std::error_code error;
    if (!out.empty()) {
        require_new_directory(out);
        if (!fs::create_directories(out, error)) {
            throw Failure("cannot create the run directory " + out + ": " + error.message());
        }
        return out;
    }
    const std::string name = fmt::format("{:%Y%m%dT%H%M%S}-{}-{}-{}-{}",
                                         fmt::gmtime(std::time(nullptr)),
                                         plan.system,
                                         plan.workload,
                                         profile_of(plan),
                                         plan.seed);
    fs::create_directories("runs", error);
    if (error) {
        throw Failure("cannot create the directory runs here: " + error.message() +
                      "; name another with --out");
    }
    // Two runs of one seed may start within a second.
    for (int suffix = 0; suffix < 100; ++suffix) {
        const fs::path path =
            fs::path("runs") / (suffix == 0 ? name : fmt::format("{}-{}", name, suffix));
        if (fs::create_directory(path, error)) {
            point_latest_at(path);
            return path.string();
        }
    }
    throw Failure("cannot create the run directory runs/" + name + ": " + error.message());
}

void write_file(const std::string& path, const std::string& content) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << content;
    file.close();
    if (!file) {
        throw Failure("cannot write " + path + ": " + std::generic_category().message(errno));
    }
}

namespace {

/// Killed in between, the file is there as it was before, whole.
void replace_file(const std::string& path, const std::string& content) {
    const std::string beside = path + ".new";
    write_file(beside, content);
    std::error_code error;
    fs::rename(beside, path, error);
    if (error) {
        throw Failure("cannot write " + path + ": " + error.message());
    }
}

/// A node that floods its log must not fill our memory.
constexpr std::size_t log_line_bytes_max = std::size_t{64} << 10U;
constexpr std::size_t log_lines_max = 100'000;

/// Lines of the form "t=8790.492247 n1 follower ...": seconds of CLOCK_MONOTONIC.
void load_log(const std::string& path, NodeId node, std::vector<report::LogLine>& logs) {
    std::ifstream file(path, std::ios::binary);
    history::LineReader reader(file, log_line_bytes_max);
    for (std::size_t i = 0; i < log_lines_max; ++i) {
        const history::LineReader::Got got = reader.next();
        if (got != history::LineReader::Got::line &&
            got != history::LineReader::Got::unterminated) {
            return;
        }
        const std::string_view line = reader.line();
        double seconds = 0;
        const char* end = line.data() + line.size();
        if (line.starts_with("t=") &&
            std::from_chars(line.data() + 2, end, seconds).ec == std::errc{} && seconds > 0 &&
            seconds < 1e9) {
            const auto at = line.find(' ');
            logs.push_back({node,
                            static_cast<std::int64_t>(seconds * 1e9),
                            std::string(line.substr(at == line.npos ? line.size() : at + 1))});
        }
    }
}

}  // namespace

NodeTraces load_node_traces(const std::string& directory, std::uint32_t nodes) {
    NodeTraces traces;
    for (NodeId node = 1; node <= nodes; ++node) {
        const std::string log = fmt::format("{}/nodes/{}/log", directory, node);
        if (history::obstacle_to_reading(log).empty()) {
            load_log(log, node, traces.logs);
        }
        const std::string path = fmt::format("{}/nodes/{}/trace", directory, node);
        std::error_code ignored;
        if (!fs::exists(path, ignored)) {
            traces.problem = "the nodes left no traces in the directory of the run";
            continue;
        }
        checker::LoadedTrace loaded = checker::load_traces(path);
        if (loaded.error) {
            traces.problem = *loaded.error;
            traces.unreadable.push_back(std::move(*loaded.error));
        }
        std::ranges::move(loaded.records, std::back_inserter(traces.records));
    }
    const std::string path = directory + "/messages.jsonl";
    if (history::obstacle_to_reading(path).empty()) {
        std::ifstream file(path, std::ios::binary);
        LoadedMessages loaded = load_messages(file, path);
        traces.messages = std::move(loaded.messages);
        if (loaded.error) {
            traces.unreadable.push_back(std::move(*loaded.error));
        }
    }
    return traces;
}

void write_pages(const std::string& directory,
                 const Results& results,
                 std::span<const history::Event> events,
                 const NodeTraces& traces) {
    report::Material material{events, traces.records, traces.logs, traces.messages, traces.problem};
    // Without the origin nobody can say where on the run's axis a trace belongs.
    if (results.command != "sim" && results.monotonic_origin.count() == 0) {
        material.traces = {};
        material.logs = {};
        material.no_traces = "results.json does not tell where the run's time began";
    }
    const report::Story story = report::tell(results, material, history::pair(events).operations);
    replace_file(directory + "/report.html", report::html(results, material, story));
    const report::MessageSequence drawn = report::message_sequence(
        story, material, results.monotonic_origin, {.arrows = 70, .marks = 40});
    if (drawn.lanes.empty()) {
        std::error_code ignored;
        fs::remove(directory + "/report.svg", ignored);
    } else {
        replace_file(directory + "/report.svg", report::sequence_svg(drawn, story.reason));
    }
    replace_file(directory + "/report.md",
                 report::markdown(results, events, story, drawn.lanes.empty() ? "" : "report.svg"));
    replace_file(directory + "/junit.xml", report::junit(results));
}

void write_reports(const std::string& directory,
                   const Results& results,
                   std::span<const history::Event> events,
                   const NodeTraces& traces) {
    replace_file(directory + "/results.json", report::results_json(results));
    write_pages(directory, results, events, traces);
}

}  // namespace squall::harness::cli
