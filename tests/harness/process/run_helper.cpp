// Runs a plan on real processes in which nodes are paused and stay so: a controller to be killed.
#include <chrono>
#include <exception>
#include <iostream>

#include "harness/process/run_processes.hpp"

int main(int argc, char** argv) {
    using namespace squall;
    if (argc != 3) {
        return 64;
    }
    harness::Plan plan;
    plan.nodes = 3;
    plan.time_limit = std::chrono::seconds(60);
    nemesis::PlannedFault pause;
    pause.id = 1;
    pause.name = "pause";
    pause.at = std::chrono::milliseconds(500);
    pause.duration = std::chrono::seconds(50);
    pause.nodes = {1, 2};
    pause.action = nemesis::PauseFault{{1, 2}};
    plan.faults = {pause};
    try {
        static_cast<void>(harness::process::run_processes(
            plan, {.run_directory = argv[2], .node_binary = argv[1]}));
    } catch (const std::exception& failure) {
        std::cerr << failure.what() << '\n';
        return 3;
    }
    return 0;
}
