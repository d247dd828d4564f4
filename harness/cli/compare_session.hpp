// What the parts of a running comparison share: what was found so far, where it is kept, and when
// to end.
#pragma once

#include <atomic>
#include <chrono>
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

struct CompareSession {
    using Clock = std::chrono::steady_clock;

    compare::Comparison found;
    compare::Target target;
    std::string directory;
    const std::atomic<int>& stop_requests;
    Clock::time_point begun = Clock::now();
    std::set<std::pair<bool, std::string>> kept;  ///< (the patch's, check) of `found.failures`.
    std::uint64_t next_pair = 0;
    Clock::time_point shown{};

    [[nodiscard]] bool over(Clock::time_point until) const {
        return stop_requests > 0 || found.decider.settled() || Clock::now() >= until;
    }

    /// The seed of the next pair; none comes twice.
    [[nodiscard]] std::uint64_t next_seed() { return found.seed + next_pair++; }

    void add_metrics(compare::PairTier tier,
                     const compare::Measured& base,
                     const compare::Measured& patch);

    /// Where the failure of a side is to be kept; empty: there is one of that kind already.
    [[nodiscard]] std::string keep(const compare::PairOutcome& pair,
                                   const Results& results,
                                   bool patch);

    /// On a terminal, a few times a second: how far it is.
    void show_progress(const char* phase);
    static void hide_progress();
};

}  // namespace squall::harness::cli
