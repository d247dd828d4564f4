// Pairs of runs on real processes: the same plan, one side after the other, judged here.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "harness/cli/compare_session.hpp"
#include "harness/cli/process_run.hpp"

namespace squall::harness::cli {

/// How the nodes of one side are started.
struct RealSide {
    std::string node_binary;           ///< For systems that have one.
    std::vector<std::string> program;  ///< For systems whose program is the user's.
};

class RealPairs {
  public:
    using PlanOf = std::function<Plan(const compare::Mix& mix, std::uint64_t seed)>;

    RealPairs(CompareSession& session, RealSide base, RealSide patch, PlanOf plan_of);

    /// As SimulatedPairs::go, by one thread. Under a reaper only.
    void go(CompareSession::Clock::time_point until,
            const std::function<compare::Mix(std::uint64_t number)>& mix_of);

    /// This plan only.
    void go_once(const Plan& plan);

  private:
    void pair(const std::string& profile, std::uint64_t seed, const Plan& plan);
    void clean() const;
    [[nodiscard]] ProcessRun run(const Plan& plan, bool patch);
    void keep(const compare::PairOutcome& outcome, const ProcessRun& run, bool patch);
    void look_into(const std::string& check, const Plan& plan);
    [[nodiscard]] std::string trial(bool patch) const;

    CompareSession& session_;
    RealSide base_;
    RealSide patch_;
    PlanOf plan_of_;
};

}  // namespace squall::harness::cli
