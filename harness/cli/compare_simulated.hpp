// Pairs of simulations: the same plan to the simulators of both builds, side by side, judged here.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "harness/cli/compare_judged.hpp"
#include "harness/cli/compare_runner.hpp"
#include "harness/cli/compare_session.hpp"

namespace squall::harness::cli {

class SimulatedPairs {
  public:
    /// Throws Failure when one of the programs is no simulator.
    SimulatedPairs(CompareSession& session, std::string base, std::string patch);

    /// Pairs of the profile that `choose` names, until that time, a conviction, or a signal. At
    /// least one pair.
    void go(CompareSession::Clock::time_point until,
            const char* phase,
            const std::function<std::string()>& choose);

    /// This plan only.
    void go_once(const Plan& plan);

  private:
    struct Pending {
        compare::PairOutcome outcome;
        Plan plan;
    };

    void start(const std::string& profile);
    void start(Pending pending);
    void finish(const std::function<void()>& next);
    void keep(const compare::PairOutcome& outcome,
              JudgedRun&& base,
              std::optional<JudgedRun>&& patch);
    void settle(compare::PairOutcome& outcome, const Plan& plan);
    void look_into(const std::string& check, const Plan& plan);
    [[nodiscard]] std::string runner_log(const char* side) const;

    CompareSession& session_;
    std::string base_program_;
    std::string patch_program_;
    CompareRunner base_;
    CompareRunner patch_;
    Pending pending_;
};

}  // namespace squall::harness::cli
