#include "harness/cli/compare_shrink.hpp"

#include <cstdio>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "harness/cli/compare_judged.hpp"
#include "harness/cli/compare_process_shrink.hpp"
#include "harness/cli/compare_tool.hpp"
#include "harness/cli/failed_run.hpp"
#include "harness/shrink/session.hpp"
#include "harness/shrink/size.hpp"

namespace squall::harness::cli {
namespace {

using Clock = std::chrono::steady_clock;

class FailureShrinking {
  public:
    FailureShrinking(CompareSession& session, CompareRunner& base, CompareRunner& patch)
        : session_(session), base_(base), patch_(patch) {}

    void shrink(compare::KeptFailure& failure, Clock::time_point until) {
        const std::string directory = session_.directory + "/" + failure.directory;
        const auto failed = read_failed_run(directory, failure.check);
        if (!failed) {
            return;
        }
        const shrink::Shrunk shrunk = search(*failed, failure.check, until);
        if (shrunk.confirmed.failed == 0) {
            return;
        }
        JudgedRun patch = simulate_on(patch_, shrunk.plan);
        if (const checker::Check* check = find_check(patch.results, failure.check)) {
            failure.reason = check->reason;
            failure.details = check->details;
        }
        JudgedRun base = simulate_on(base_, shrunk.plan);
        const bool base_fails = shrink::fails(base.results, failure.check);
        failure.base_on_shrunk =
            base_fails ? "fails, too"
                       : fmt::format("is {}", harness::to_string(base.results.verdict));
        failure.reproduced = compare::Reproduced{.failed = shrunk.confirmed.failed,
                                                 .runs = shrunk.confirmed.runs,
                                                 .base_failed = base_fails ? 1U : 0U,
                                                 .base_runs = 1};
        failure.shrunk = fmt::format(
            "{} (from {})",
            shrink::to_text(shrink::size_of(shrunk.plan, failed->observed.operations.size())),
            shrink::to_text(
                shrink::size_of(failed->observed.plan, failed->observed.operations.size())));
        failure.directory += "/shrunk";
        write_judged(directory + "/shrunk", std::move(patch));
        write_judged(directory + "/shrunk-on-base", std::move(base));
    }

  private:
    shrink::Shrunk search(const FailedRun& failed,
                          const std::string& check,
                          Clock::time_point until) {
        shrink::SessionOptions options = shrink::exact();
        std::uint64_t tried = 0;
        options.run = [&](const Plan& plan) {
            show(++tried);
            return shrink::fails(simulate_on(patch_, plan).results, check);
        };
        options.out_of_time = [until] { return Clock::now() >= until; };
        options.stop = [this] { return session_.stop_requests > 0; };
        return shrink::shrink(failed.observed, options);
    }

    void show(std::uint64_t tried) {
        if (::isatty(STDERR_FILENO) == 1 && tried % 20 == 0) {
            fmt::print(stderr, "\r\x1b[K  shrinking, {} plans tried", tried);
            std::fflush(stderr);
        }
    }

    CompareSession& session_;
    CompareRunner& base_;
    CompareRunner& patch_;
};

/// A crashed simulator left no run that could be taken apart.
bool can_be_shrunk(const compare::KeptFailure& failure) {
    return failure.patch && failure.tier == compare::PairTier::simulator &&
           failure.reason.find("the simulator of this build") == std::string::npos;
}

void shrink_simulated(CompareSession& session,
                      const ComparedSides& sides,
                      Clock::time_point until) {
    const std::string log = session.directory + "/shrink-runner.log";
    CompareRunner base(sides.base.simulator, log, session.stop_requests);
    CompareRunner patch(sides.patch.simulator, log, session.stop_requests);
    for (compare::KeptFailure& failure : session.found.failures) {
        if (can_be_shrunk(failure) && Clock::now() < until) {
            FailureShrinking(session, base, patch).shrink(failure, until);
        }
    }
}

}  // namespace

void shrink_failures(CompareSession& session,
                     const ComparedSides& sides,
                     std::chrono::nanoseconds budget) {
    if (session.found.decision.verdict != compare::Verdict::introduces_failures) {
        return;
    }
    const Clock::time_point until = Clock::now() + budget;
    try {
        if (sides.simulated()) {
            shrink_simulated(session, sides, until);
        }
        CompareSession::hide_progress();
        for (compare::KeptFailure& failure : session.found.failures) {
            const auto left = until - Clock::now();
            if (failure.patch && failure.tier == compare::PairTier::processes &&
                left > Clock::duration::zero()) {
                shrink_on_processes(session, sides.real_base, sides.real_patch, failure, left);
            }
        }
    } catch (const Interrupted&) {
        session.found.interrupted = true;
    }
    CompareSession::hide_progress();
}

}  // namespace squall::harness::cli
