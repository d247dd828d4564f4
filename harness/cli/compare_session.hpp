// What the parts of a running comparison share: what was found so far, where it is kept, and when
// to end.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/compare/comparison.hpp"
#include "harness/compare/metrics.hpp"
#include "harness/compare/targeting.hpp"
#include "harness/plan.hpp"
#include "harness/results.hpp"

namespace squall::harness::cli {

/// Every phase draws seeds of its own, so that its pair number n does not depend on how many the
/// phase before it had time for.
enum class ComparePhase : std::uint8_t { general, real, targeted };

[[nodiscard]] const char* to_string(ComparePhase phase);

struct CompareSession {
    using Clock = std::chrono::steady_clock;

    compare::Comparison found;
    std::vector<compare::BugSite> bug_sites;  ///< Of the base's Raft.
    compare::Target target;
    std::string directory;
    const std::atomic<int>& stop_requests;
    Clock::time_point begun = Clock::now();
    std::set<std::pair<bool, std::string>> kept;  ///< (the patch's, check) of `found.failures`.
    Clock::time_point shown{};

    [[nodiscard]] bool over(Clock::time_point until) const {
        return stop_requests > 0 || found.decider.settled() || Clock::now() >= until;
    }

    /// None comes twice.
    [[nodiscard]] std::uint64_t seed_of(ComparePhase phase, std::uint64_t number) const {
        constexpr std::uint64_t apart = 1'000'000'000;
        return found.seed + static_cast<std::uint64_t>(phase) * apart + number;
    }

    void add_metrics(compare::PairTier tier,
                     const compare::Measured& base,
                     const compare::Measured& patch);

    /// Where the failure of a side is to be kept; empty: there is one of that kind already.
    [[nodiscard]] std::string keep(const compare::PairOutcome& pair,
                                   const Results& results,
                                   bool patch);

    /// The same for a run that could not be judged; empty: there is one of that side already.
    [[nodiscard]] std::string keep_undecided(bool patch);

    /// On a terminal, a few times a second: how far it is.
    void show_progress(const char* phase);
    static void hide_progress();
};

}  // namespace squall::harness::cli
