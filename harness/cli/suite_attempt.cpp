#include "harness/cli/suite_attempt.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <sys/wait.h>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "harness/cli/read_files.hpp"
#include "harness/cli/run_directory.hpp"
#include "harness/cli/suite_failure.hpp"
#include "harness/failure.hpp"
#include "harness/process/child.hpp"
#include "harness/results.hpp"
#include "harness/suite/fault_states.hpp"
#include "harness/suite/sweep_summary.hpp"
#include "history/text_input.hpp"

namespace squall::harness::cli {
namespace {

namespace fs = std::filesystem;
using suite::Cell;
using suite::SuiteTier;

constexpr std::size_t file_bytes_max = std::size_t{16} << 20U;

bool exists(const std::string& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text(file_bytes_max, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

/// What the command said last, for a reason of one line.
std::string last_words(const std::string& log) {
    std::istringstream lines(content_of(log));
    std::string last;
    for (std::string line; std::getline(lines, line);) {
        if (!line.empty()) {
            last = line;
        }
    }
    constexpr std::size_t words_max = 300;
    std::string clean;
    for (const char c : last.substr(0, words_max)) {
        clean += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    }
    return clean.empty() ? "it said nothing" : clean;
}

const char* verdict_of_code(int code) {
    switch (code) {
        case 0:
            return "valid";
        case 1:
            return "invalid";
        case 2:
            return "unknown";
        default:
            return "void";
    }
}

/// A few seeds of many in which a fault happened not to bite leave nothing unknown: the others
/// answer for it. What cannot be decided for other reasons does.
void hollow_enough(const suite::SweepSummary& summary, store::AttemptEnd& end) {
    constexpr std::uint64_t one_in = 10;
    if (end.verdict != "unknown") {
        return;
    }
    end.reason = fmt::format("{} of {} seeds, such as one with ", summary.unknown, summary.seeds);
    if (summary.unknown == summary.hollow && summary.hollow * one_in <= summary.seeds) {
        end.verdict = "valid";
    }
}

/// Fills in what files tell. Throws Failure or UsageError when they do not.
void read_files(const AttemptOrder& order, store::AttemptEnd& end) {
    const std::string run = order.directory + "/run";
    const std::string sweep = order.directory + "/sweep.json";
    if (order.cell.tier == SuiteTier::sim) {
        const suite::SweepSummary summary = suite::sweep_from_json(content_of(sweep), sweep);
        end.seeds = summary.seeds;
        end.ok_operations = summary.ok_operations;
        end.covered = summary.covered;
        hollow_enough(summary, end);
    }
    if (!exists(run + "/results.json")) {
        if (end.verdict != "valid") {
            throw Failure("it left no results");
        }
        return;
    }
    const Results results = read_results(run + "/results.json", read_plan(run + "/plan.json"));
    end.reason += results.reasons.empty() ? "" : results.reasons.front();
    if (order.cell.tier == SuiteTier::process) {
        end.seeds = 1;
        end.ok_operations = results.operations.ok;
        end.covered = suite::fault_states(read_history(run + "/history.jsonl"));
    }
    if (end.verdict == "invalid") {
        end.failures.push_back(failure_of(run));
    }
}

}  // namespace

void prepare_attempt(const AttemptOrder& order) {
    std::error_code error;
    fs::remove_all(order.directory, error);
    fs::create_directories(order.directory, error);
    if (error) {
        throw Failure(fmt::format("{}: {}", order.directory, error.message()));
    }
    if (!order.cell.swarm) {
        write_file(order.directory + "/like.json", to_json(order.cell.like));
    }
}

std::vector<std::string> arguments_of(const AttemptOrder& order) {
    const Cell& cell = order.cell;
    const bool simulated = cell.tier == SuiteTier::sim;
    std::vector<std::string> arguments = {simulated ? "sim" : "run"};
    const auto add = [&](std::initializer_list<std::string> more) {
        arguments.insert(arguments.end(), more);
    };
    if (cell.swarm) {
        add({"--swarm"});
        if (!cell.like.bug.empty()) {
            add({"--bug", cell.like.bug});
        }
    } else {
        add({"--like", order.directory + "/like.json", "--heal", cell.heal});
    }
    add({"--seed", std::to_string(order.what.first_seed), "--out", order.directory + "/run"});
    if (!simulated) {
        return arguments;
    }
    add({"--jobs",
         "1",
         "--for",
         fmt::format("{:.3f}s", order.what.for_s),
         "--sweep-summary",
         order.directory + "/sweep.json"});
    if (order.what.seeds_max > 0) {
        add({"--seeds", std::to_string(order.what.seeds_max)});
    }
    if (order.shrink_s > 0) {
        add({"--shrink-budget", fmt::format("{:.3f}s", order.shrink_s)});
    } else {
        add({"--no-shrink"});
    }
    return arguments;
}

std::chrono::milliseconds timeout_of(const AttemptOrder& order, double cell_timeout_s) {
    constexpr double slack_s = 60;
    const double needed =
        order.cell.tier == SuiteTier::sim ? order.what.for_s + order.shrink_s : order.cell.run_s;
    const double limit = cell_timeout_s > 0 ? cell_timeout_s : 3 * needed + slack_s;
    return std::chrono::milliseconds(static_cast<std::int64_t>(limit * 1000));
}

store::AttemptEnd read_attempt(const AttemptOrder& order, const AttemptExit& exit) {
    store::AttemptEnd end;
    end.duration_ms = exit.duration_ms;
    end.at = exit.at;
    const std::string log = order.directory + "/output.log";
    if (exit.timed_out) {
        end.verdict = "void";
        end.reason = fmt::format("it did not end within {:.0f} s; it said last: {}",
                                 static_cast<double>(exit.duration_ms) / 1000,
                                 last_words(log));
    } else if (!WIFEXITED(exit.wait_status) || WEXITSTATUS(exit.wait_status) > 2) {
        end.verdict = "void";
        end.reason = fmt::format(
            "{}; it said last: {}", process::describe_exit(exit.wait_status), last_words(log));
    } else {
        end.verdict = verdict_of_code(WEXITSTATUS(exit.wait_status));
        try {
            read_files(order, end);
        } catch (const std::exception& problem) {
            // Harness trouble is no verdict.
            end = {.verdict = "void",
                   .reason = fmt::format("{}; it said last: {}", problem.what(), last_words(log)),
                   .duration_ms = exit.duration_ms,
                   .at = exit.at,
                   .covered = {},
                   .failures = {}};
        }
    }
    return end;
}

std::uint64_t bytes_in(const std::string& directory) {
    std::uint64_t bytes = 0;
    std::error_code error;
    for (fs::recursive_directory_iterator entry(directory, error), last; !error && entry != last;
         entry.increment(error)) {
        std::error_code gone;
        if (entry->is_regular_file(gone) && !entry->is_symlink(gone)) {
            const std::uintmax_t size = entry->file_size(gone);
            bytes += gone ? 0 : size;
        }
    }
    return bytes;
}

}  // namespace squall::harness::cli
