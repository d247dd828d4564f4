// One simulated run, kept like one on real processes.
#pragma once

#include <string>
#include <vector>

#include "harness/plan.hpp"
#include "harness/results.hpp"
#include "harness/sim/simulate.hpp"
#include "history/event.hpp"

namespace squall::harness::cli {

struct SimulatedRun {
    sim::Simulation simulation;
    Results results;
};

/// With the traces of all nodes.
[[nodiscard]] SimulatedRun simulate_with_traces(const Plan& plan);

/// Everything about it, into a directory that exists. Throws Failure.
void write_simulated_run(const std::string& directory, const SimulatedRun& run);

}  // namespace squall::harness::cli
