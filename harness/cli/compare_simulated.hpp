// Pairs of simulations: the same plan to the simulators of both builds, judged and decided here.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "harness/cli/compare_lanes.hpp"
#include "harness/cli/compare_session.hpp"

namespace squall::harness::cli {

class SimulatedPairs {
  public:
    /// `lanes`: pairs that are simulated side by side.
    SimulatedPairs(CompareSession& session, std::string base, std::string patch, unsigned lanes);

    /// Pairs of a phase until that time, a conviction, or a signal; at least one pair. Its pair
    /// number n is drawn from `mix_of`, which may be called by several threads at once. Throws
    /// Failure when one of the programs is no simulator.
    void go(CompareSession::Clock::time_point until,
            ComparePhase phase,
            const std::function<compare::Mix(std::uint64_t number)>& mix_of);

    /// This plan only.
    void go_once(const Plan& plan);

  private:
    void take(JudgedPair&& pair);
    void keep(JudgedPair&& pair);
    void look_into(const std::string& check, const Plan& plan);

    CompareSession& session_;
    Simulators simulators_;
    unsigned lanes_;
};

}  // namespace squall::harness::cli
