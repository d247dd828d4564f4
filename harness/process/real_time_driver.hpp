// Real time around Run: a timer and a queue. Hands inputs to Run one at a time with the time since
// the one origin of the run, and carries out the actions in their order, so that an event is in the
// history before anything that follows from it leaves the process. Decides nothing.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "harness/cluster.hpp"
#include "harness/run.hpp"
#include "harness/run_record.hpp"
#include "history/recorder.hpp"

namespace boost::asio {
class io_context;
}

namespace squall::harness::process {

class RealTimeDriver {
  public:
    struct Options {
        /// A run that takes longer is void: something hangs.
        Duration duration_max{};
        std::function<void(Time, const Progress&)> on_progress;
        const std::atomic<int>* stop_requests = nullptr;
        /// How late other threads of the harness were, or for how long nodes were kept from the
        /// CPU, since it was last asked: counts as ours.
        std::function<Duration()> other_lag = {};
    };

    /// All references must outlive it.
    RealTimeDriver(boost::asio::io_context& io,
                   Run& run,
                   history::Recorder& recorder,
                   Options options);
    ~RealTimeDriver();
    RealTimeDriver(const RealTimeDriver&) = delete;
    RealTimeDriver& operator=(const RealTimeDriver&) = delete;

    /// Takes an input from anywhere on the controller's thread; it reaches Run from `drive`, later.
    void enqueue(const Input& input);

    /// Runs the io_context until Run has finished. Throws Failure when it takes too long or was
    /// interrupted twice, and lets through what handlers throw.
    void drive(Cluster& cluster);

    /// Since `drive` began.
    [[nodiscard]] Time now() const;

    /// CLOCK_MONOTONIC when `drive` began.
    [[nodiscard]] Time origin() const;

    /// How late the timers of the harness were, and how much CPU was stolen, so far.
    [[nodiscard]] LagFacts lag() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace squall::harness::process
