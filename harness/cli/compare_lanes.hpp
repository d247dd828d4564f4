// Pairs of simulations on several lanes side by side. Which pair is which depends on its number
// alone, and they are handed out in the order of their numbers: however many lanes there are, and
// whichever is faster, the same pairs say the same.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "harness/cli/compare_judged.hpp"
#include "harness/cli/compare_session.hpp"
#include "harness/compare/pair_outcome.hpp"

namespace squall::harness::cli {

/// The simulators of both sides, each run as a process of its own.
struct Simulators {
    std::string base;
    std::string patch;
    std::string base_log;
    std::string patch_log;
};

/// A pair that was run and judged.
struct JudgedPair {
    compare::PairOutcome outcome;
    Plan plan;
    JudgedRun base;
    std::optional<JudgedRun> patch;    ///< Nothing: the same as the base's, byte for byte.
    compare::Measured patch_measured;  ///< Also then.
};

/// Both sides of one plan, at the same time. Throws Failure, Interrupted.
[[nodiscard]] JudgedPair simulate_pair(CompareRunner& base,
                                       CompareRunner& patch,
                                       compare::PairOutcome outcome,
                                       Plan plan);

class CompareLanes {
  public:
    struct Options {
        unsigned lanes = 1;
        CompareSession::Clock::time_point until;  ///< No pair but the first begins later.
        /// Profile, seed and plan of a pair, by its number. Called by several threads at once.
        std::function<std::pair<compare::PairOutcome, Plan>(std::uint64_t number)> pair;
    };

    CompareLanes(const Simulators& simulators,
                 const Options& options,
                 const std::atomic<int>& stop_requests);

    /// Ends what runs, which takes as long as the pairs that are under way.
    ~CompareLanes();
    CompareLanes(const CompareLanes&) = delete;
    CompareLanes& operator=(const CompareLanes&) = delete;

    /// The next pair in order; nothing when the time is over or the user wants to stop. `waiting`
    /// is called now and then meanwhile. Throws Failure when a lane has come to grief.
    [[nodiscard]] std::optional<JudgedPair> next(const std::function<void()>& waiting);

  private:
    void work();
    void serve(CompareRunner& base, CompareRunner& patch);
    [[nodiscard]] std::optional<std::uint64_t> take_number();

    Simulators simulators_;
    Options options_;
    const std::atomic<int>& stop_requests_;
    std::mutex mutex_;
    std::condition_variable changed_;
    // Under the mutex.
    std::map<std::uint64_t, JudgedPair> done_;
    std::exception_ptr problem_;
    std::uint64_t begun_ = 0;
    std::uint64_t handed_out_ = 0;
    unsigned working_ = 0;
    bool end_ = false;
    std::vector<std::jthread> threads_;
};

}  // namespace squall::harness::cli
