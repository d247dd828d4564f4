#include "harness/cli/suite_process_shrink.hpp"

#include <exception>
#include <sys/wait.h>

#include <fmt/format.h>

#include "harness/cli/suite_failure.hpp"
#include "harness/process/child.hpp"
#include "harness/suite/process_shrink.hpp"

namespace squall::harness::cli {
namespace {

double seconds_of(const store::AttemptEnd& ended) {
    return static_cast<double>(ended.duration_ms) / 1000;
}

}  // namespace

bool SuiteProcessShrinker::takes(const suite::Cell& cell,
                                 store::AttemptEnd& ended,
                                 bool suite_ends,
                                 double left_s) {
    if (cell.tier != suite::SuiteTier::process || ended.failures.empty()) {
        return false;
    }
    const std::string& signature = ended.failures.front().signature;
    const std::string obstacle = suite::why_not_shrunk({.run_s = seconds_of(ended),
                                                        .group_was_had = had_.contains(signature),
                                                        .suite_ends = suite_ends},
                                                       budget_s_,
                                                       left_s);
    had_.insert(signature);
    for (store::NewFailure& failure : ended.failures) {
        say_not_shrunk(failure, obstacle.empty() ? "that was cut short" : obstacle);
    }
    return obstacle.empty();
}

ShrinkOrder SuiteProcessShrinker::order(const std::string& directory,
                                        const store::AttemptEnd& ended) const {
    const double needed = suite::shrinking_needs_s({.run_s = seconds_of(ended)}, budget_s_);
    constexpr double slack_s = 60;
    return {
        .arguments = {"shrink",
                      directory + "/run",
                      "--budget",
                      fmt::format("{:.3f}s", budget_s_),
                      "--confirm",
                      std::to_string(suite::process_confirm_runs)},
        .log = directory + "/shrink.log",
        .timeout = std::chrono::milliseconds(static_cast<std::int64_t>((needed + slack_s) * 1000)),
        .expected_s = needed};
}

std::optional<store::NewFailure> SuiteProcessShrinker::result(const std::string& directory,
                                                              int wait_status,
                                                              bool timed_out) {
    try {
        store::NewFailure failure = failure_of(directory + "/run");
        if (!is_shrunk(directory + "/run")) {
            const bool unknown = WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 2;
            say_not_shrunk(failure,
                           timed_out ? "that took too long"
                           : unknown ? "it did not fail again"
                                     : "that ended with " + process::describe_exit(wait_status));
        }
        return failure;
    } catch (const std::exception&) {
        return std::nullopt;  // It was killed while it wrote.
    }
}

}  // namespace squall::harness::cli
