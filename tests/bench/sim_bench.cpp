// How much virtual time a second of one core simulates: whole runs with faults, from plan to trace
// checks, without the judging of the history. CPU time, so that other work does not disturb it.
// Usage: sim_bench [RUNS] [RATE] [SEED]
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "harness/sim/simulate.hpp"

namespace {

squall::harness::Plan plan_of(std::uint64_t seed, double rate) {
    squall::harness::Plan plan;
    plan.seed = seed;
    plan.rate = rate;
    plan.keys = 5;
    plan.operations_per_key = 100;
    plan.time_limit = std::chrono::seconds(10);
    plan.fault_classes = {"partition", "kill", "pause", "packet", "clock", "disk"};
    squall::harness::materialise_faults(plan);
    return plan;
}

}  // namespace

int main(int argc, char** argv) {
    const std::uint64_t runs = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 200;
    const double rate = argc > 2 ? std::strtod(argv[2], nullptr) : 50;
    const std::uint64_t first = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1;
    double simulated = 0;
    std::uint64_t events = 0;
    std::uint64_t ok = 0;
    const std::clock_t begin = std::clock();
    for (std::uint64_t seed = first; seed < first + runs; ++seed) {
        const auto simulation = squall::harness::sim::simulate(plan_of(seed, rate));
        simulated += std::chrono::duration<double>(simulation.record.elapsed).count();
        events += simulation.steps;
        for (const auto& event : simulation.record.events) {
            ok += event.type == squall::history::EventType::ok ? 1 : 0;
        }
    }
    const double took = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    std::printf("%.0f simulated s in %.2f s of CPU: %.0f simulated s/s, %.0f events/s, ",
                simulated,
                took,
                simulated / took,
                static_cast<double>(events) / took);
    std::printf("%.1f ok operations per simulated s\n", static_cast<double>(ok) / simulated);
    return 0;
}
