#include "harness/cli/compare_process_shrink.hpp"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "harness/cli/compare_judged.hpp"
#include "harness/cli/compare_tool.hpp"
#include "harness/cli/failed_run.hpp"
#include "harness/cli/process_run.hpp"
#include "harness/cli/read_files.hpp"
#include "harness/cli/run_directory.hpp"
#include "harness/failure.hpp"
#include "harness/shrink/size.hpp"

namespace squall::harness::cli {
namespace {

namespace fs = std::filesystem;

/// Of either side, of the shrunk plan. Five of five and none of five: chance does not do that.
constexpr std::uint64_t confirm_runs_of_each = 5;
/// A run with its recovery, its final reads and its judging, at most; and steps back to an earlier
/// plan that is confirmed anew.
constexpr std::chrono::seconds confirm_limit = std::chrono::minutes(10);

/// Not empty: why nothing came of it.
std::string run_squall_shrink(const CompareSession& session,
                              const RealSide& patch,
                              const std::string& directory,
                              const std::string& check,
                              std::chrono::nanoseconds search_time) {
    const double seconds = std::chrono::duration<double>(search_time).count();
    std::vector<std::string> words{fs::read_symlink("/proc/self/exe").string(),
                                   "shrink",
                                   directory,
                                   "--check",
                                   check,
                                   "--budget",
                                   fmt::format("{:.3f}s", seconds),
                                   "--confirm",
                                   std::to_string(confirm_runs_of_each)};
    if (!patch.node_binary.empty()) {
        words.insert(words.end(), {"--node-binary", patch.node_binary});
    }
    const std::string log = directory + "/shrink.log";
    const ToolResult result = run_tool(
        {.words = std::move(words),
         .log = log,
         .limit = std::chrono::duration_cast<std::chrono::seconds>(search_time) + confirm_limit,
         .stop_requests = &session.stop_requests});
    return result.code == 1 ? ""
           : result.code == 2
               ? "it did not fail again while there was time"
               : fmt::format("squall shrink ended with {}; see {}", result.code, log);
}

/// Keeps the first run that fails, or the last.
std::uint64_t failures_of_base(const CompareSession& session,
                               const RealSide& base,
                               Plan plan,
                               const std::string& check,
                               const std::string& directory) {
    plan.program = base.program;
    std::uint64_t failed = 0;
    std::error_code ignored;
    const std::string trial = directory + "-trial";
    for (std::uint64_t i = 0; i < confirm_runs_of_each; ++i) {
        const ProcessRun run = run_on_processes(
            plan,
            make_run_directory(plan, trial),
            {.node_binary = base.node_binary, .stop_requests = &session.stop_requests});
        if (session.stop_requests > 0) {
            throw Interrupted();
        }
        const checker::Check* found = find_check(run.results, check);
        const bool fails = found != nullptr && found->verdict == checker::Verdict::invalid;
        failed += fails ? 1U : 0U;
        if ((fails && failed == 1) || (failed == 0 && i + 1 == confirm_runs_of_each)) {
            write_process_run(trial, run);
            fs::rename(trial, directory, ignored);
        }
        fs::remove_all(trial, ignored);
    }
    return failed;
}

void shrink_one(CompareSession& session,
                const RealSide& base,
                const RealSide& patch,
                compare::KeptFailure& failure,
                std::chrono::nanoseconds search_time) {
    const std::string directory = session.directory + "/" + failure.directory;
    const auto failed = read_failed_run(directory, failure.check);
    if (!failed) {
        return;
    }
    failure.not_shrunk = run_squall_shrink(session, patch, directory, failure.check, search_time);
    if (!failure.not_shrunk.empty()) {
        return;
    }
    const std::string shrunk = directory + "/shrunk";
    const Plan plan = read_plan(shrunk + "/plan.json");
    const Results results = read_results(shrunk + "/results.json", plan);
    compare::Reproduced reproduced{.runs = confirm_runs_of_each};
    if (results.reproduction) {
        reproduced = {.failed = results.reproduction->failed, .runs = results.reproduction->runs};
    }
    if (const checker::Check* check = find_check(results, failure.check)) {
        failure.reason = check->reason;
        failure.details = check->details;
    }
    const std::size_t operations = failed->observed.operations.size();
    failure.shrunk =
        fmt::format("{} (from {})",
                    shrink::to_text(shrink::size_of(plan, operations)),
                    shrink::to_text(shrink::size_of(failed->observed.plan, operations)));
    failure.directory += "/shrunk";
    reproduced.base_runs = confirm_runs_of_each;
    reproduced.base_failed =
        failures_of_base(session, base, plan, failure.check, directory + "/shrunk-on-base");
    failure.reproduced = reproduced;
}

}  // namespace

void shrink_on_processes(CompareSession& session,
                         const RealSide& base,
                         const RealSide& patch,
                         compare::KeptFailure& failure,
                         std::chrono::nanoseconds search_time) {
    fmt::print(stderr,
               "squall: shrinking {} by repetition, {:.0f} s and some runs to confirm it\n",
               failure.check,
               std::chrono::duration<double>(search_time).count());
    try {
        shrink_one(session, base, patch, failure, search_time);
    } catch (const std::exception& error) {
        // The verdict stands without it.
        failure.not_shrunk = error.what();
    }
}

}  // namespace squall::harness::cli
