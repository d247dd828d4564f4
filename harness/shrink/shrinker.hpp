// Decides how a failing run is made smaller: names one plan after the other and is told which of
// them fail in the same way. Goes round through the passes until a whole round finds nothing,
// and then, if asked to, in the same way with other seeds.
// Knows neither how plans are run nor how often; deterministic, so that its course can be taken up
// again from the verdicts.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "harness/plan.hpp"
#include "harness/shrink/observed_run.hpp"
#include "harness/shrink/passes.hpp"

namespace squall::harness::shrink {

struct ShrinkerOptions {
    std::uint64_t attempts_max = 20'000;
    /// Seeds tried for each candidate when nothing else makes the plan smaller. None where plans
    /// take long to judge: then the passes that try every pair of things are left out, too.
    std::uint64_t redraws = 0;
};

class Shrinker {
  public:
    explicit Shrinker(ObservedRun run, const ShrinkerOptions& options = {});

    /// The next candidate; nothing: it is over. To be asked once for every verdict.
    [[nodiscard]] std::optional<Plan> next();

    /// Of what `next` returned.
    void verdict(bool fails);

    /// The smallest plan that failed so far; at first that of the run.
    [[nodiscard]] const Plan& best() const { return accepted_.back(); }

    /// The plan of the run and every one that was the best since.
    [[nodiscard]] const std::vector<Plan>& accepted() const { return accepted_; }

    /// The candidates now are smaller plans; before, the first ones tell whether what was recorded
    /// can stand for what was planned.
    [[nodiscard]] bool started() const { return round_ > 0; }

    /// Candidates judged.
    [[nodiscard]] std::uint64_t attempts() const { return attempts_; }

  private:
    /// Of the round; nothing: it is over.
    [[nodiscard]] std::unique_ptr<Pass> make_pass() const;
    [[nodiscard]] std::unique_ptr<Pass> make_redrawn_pass() const;

    /// False: there is no other round.
    [[nodiscard]] bool begin_round();

    ObservedRun run_;
    ShrinkerOptions options_;
    std::uint64_t attempts_ = 0;
    std::vector<Plan> accepted_;
    Plan candidate_;
    std::unique_ptr<Pass> pass_;
    std::size_t pass_number_ = 0;  ///< Of this round; round 0 is the start.
    std::size_t round_ = 0;
    bool redraws_ = false;  ///< This round takes other seeds, too.
    std::size_t accepted_before_round_ = 1;
};

}  // namespace squall::harness::shrink
