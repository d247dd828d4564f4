#include "harness/cli/compare_lanes.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "harness/cli/compare_tool.hpp"

namespace squall::harness::cli {
namespace {

/// Pairs that may be finished before their turn, by lane.
constexpr std::uint64_t ahead = 4;

double in_units(std::chrono::nanoseconds time) {
    return static_cast<double>(time.count());
}

}  // namespace

JudgedPair simulate_pair(CompareRunner& base_runner,
                         CompareRunner& patch_runner,
                         compare::PairOutcome outcome,
                         Plan plan) {
    base_runner.start(plan);
    patch_runner.start(plan);
    const SimulatedHead base = base_runner.await();
    const SimulatedHead patch = patch_runner.await();
    const bool died = !base.died.empty() || !patch.died.empty();
    JudgedPair pair{.outcome = std::move(outcome), .plan = std::move(plan)};
    pair.outcome.identical = !died && base.digest == patch.digest;
    pair.base = judge_simulated(recording_of(base_runner, base), base, pair.plan);
    pair.outcome.base = compare::outcome_of(pair.base.results);
    if (pair.outcome.identical) {
        pair.outcome.patch = pair.outcome.base;
        pair.patch_measured = pair.base.measured;
        // All that can differ is how long it took.
        auto& took = pair.patch_measured.back();
        took = took.value_or(0) * in_units(patch.processor_time) /
               std::max(1.0, in_units(base.processor_time));
        return pair;
    }
    pair.patch = judge_simulated(recording_of(patch_runner, patch), patch, pair.plan);
    pair.outcome.patch = compare::outcome_of(pair.patch->results);
    pair.patch_measured = pair.patch->measured;
    return pair;
}

CompareLanes::CompareLanes(const Simulators& simulators,
                           const Options& options,
                           const std::atomic<int>& stop_requests)
    : simulators_(simulators),
      options_(options),
      stop_requests_(stop_requests),
      working_(options.lanes) {
    for (unsigned i = 0; i < options_.lanes; ++i) {
        threads_.emplace_back([this] { work(); });
    }
}

CompareLanes::~CompareLanes() {
    const std::scoped_lock lock(mutex_);
    end_ = true;
    changed_.notify_all();
    // The threads, declared last, are waited for once the lock is gone.
}

/// A lane: its simulators are its own, since they die with the thread that started them.
void CompareLanes::work() {
    std::exception_ptr problem;
    try {
        CompareRunner base(simulators_.base, simulators_.base_log, stop_requests_);
        CompareRunner patch(simulators_.patch, simulators_.patch_log, stop_requests_);
        serve(base, patch);
    } catch (const Interrupted&) {
        // What it had under way is lost; the others see the request, too.
    } catch (...) {
        problem = std::current_exception();
    }
    const std::scoped_lock lock(mutex_);
    --working_;
    problem_ = problem ? problem : problem_;
    changed_.notify_all();
}

void CompareLanes::serve(CompareRunner& base, CompareRunner& patch) {
    while (const auto number = take_number()) {
        auto [outcome, plan] = options_.pair(*number);
        JudgedPair pair = simulate_pair(base, patch, std::move(outcome), std::move(plan));
        const std::scoped_lock lock(mutex_);
        done_.emplace(*number, std::move(pair));
        changed_.notify_all();
    }
}

std::optional<std::uint64_t> CompareLanes::take_number() {
    std::unique_lock lock(mutex_);
    changed_.wait(
        lock, [this] { return end_ || problem_ || begun_ < handed_out_ + ahead * options_.lanes; });
    const bool late = begun_ > 0 && CompareSession::Clock::now() >= options_.until;
    if (end_ || problem_ || late || stop_requests_ > 0) {
        return std::nullopt;
    }
    return begun_++;
}

std::optional<JudgedPair> CompareLanes::next(const std::function<void()>& waiting) {
    std::unique_lock lock(mutex_);
    while (!problem_ && !done_.contains(handed_out_) && working_ > 0) {
        changed_.wait_for(lock, std::chrono::milliseconds(250));
        lock.unlock();
        waiting();
        lock.lock();
    }
    if (problem_) {
        std::rethrow_exception(problem_);
    }
    auto found = done_.extract(handed_out_);
    if (found.empty()) {
        return std::nullopt;
    }
    ++handed_out_;
    changed_.notify_all();
    return std::move(found.mapped());
}

}  // namespace squall::harness::cli
