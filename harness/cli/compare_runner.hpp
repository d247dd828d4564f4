// A squall-runner of one build: a child process that simulates plans. It is somebody's patch: it
// may crash, hang, or say anything, which are findings about the plan it was given, not failures of
// ours. After either it is started anew.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "harness/plan.hpp"

namespace squall::harness::cli {

/// What a simulator says of a plan at first.
struct SimulatedHead {
    std::string digest;
    std::chrono::nanoseconds processor_time{};
    /// Not empty: the simulator ended or did not end: how. Then there is nothing else.
    std::string died;
    bool hung = false;
};

class CompareRunner {
  public:
    /// Throws Failure when the program is no squall-runner of our version.
    CompareRunner(std::string program, std::string log, const std::atomic<int>& stop_requests);
    ~CompareRunner();
    CompareRunner(const CompareRunner&) = delete;
    CompareRunner& operator=(const CompareRunner&) = delete;

    /// Begins; `await` tells.
    void start(const Plan& plan);

    /// Throws Failure when the simulator does not take our plans, Interrupted when asked to stop.
    [[nodiscard]] SimulatedHead await();

    /// Of the last plan, which did not end it; for compare::decode.
    [[nodiscard]] std::string recording();

  private:
    class Pipes;
    void launch();
    [[nodiscard]] std::string how_it_died();

    std::string program_;
    std::string log_;
    const std::atomic<int>& stop_requests_;
    std::unique_ptr<Pipes> pipes_;
};

}  // namespace squall::harness::cli
