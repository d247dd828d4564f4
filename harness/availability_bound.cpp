#include "harness/availability_bound.hpp"

#include <algorithm>
#include <cmath>

namespace squall::harness {

namespace {

/// Elections that fail more often than this prove nothing within a run's time.
constexpr double split_max = 0.6;
/// The pipeline must be able to do so many times what clients ask.
constexpr double headroom = 2;
/// At most, of a small command in an append and of a session in a snapshot.
constexpr double entry_bytes = 160;
constexpr double session_bytes = 120;

double seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

Duration of_seconds(double value) {
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(value));
}

/// Time for a member that is behind to get what it lacks; nothing where it might never.
std::optional<Duration> catch_up(const Plan& plan, const AssumedDelays& delays) {
    const NodeLimits limits = plan.limits.value_or(NodeLimits{});
    const double turn = seconds(2 * delays.link + 2 * delays.sync);
    const double batch = std::max(1.0, std::floor(limits.max_append_bytes / entry_bytes));
    const double entries_per_second = limits.max_inflight * batch / turn;
    const double rate = plan.rate > 0 ? plan.rate : plan.concurrency / seconds(2 * delays.link);
    if (entries_per_second < headroom * rate) {
        return std::nullopt;
    }
    const double entries = 1.25 * static_cast<double>(plan.snapshot_interval) +
                           rate * seconds(2 * plan.timing.election_max);
    const double snapshot = session_bytes * rate * seconds(plan.time_limit);
    const double chunks = std::ceil(snapshot / limits.snapshot_chunk_bytes);
    return of_seconds(entries / entries_per_second + chunks * seconds(2 * delays.link));
}

}  // namespace

std::optional<AvailabilityBound> availability_bound(const Plan& plan, const AssumedDelays& delays) {
    const NodeTiming& timing = plan.timing;
    const Duration link = delays.link + plan.latency;
    const double width = seconds(timing.election_max - timing.election_min);
    // From the moment when a node's patience ends until everybody has heard of its candidacy:
    // pre-votes go and come, its own vote is written, requests for votes go.
    const double window = seconds(3 * link + delays.sync);
    AvailabilityBound result;
    result.split = window >= width ? 1 : 1 - std::pow(1 - window / width, plan.nodes);
    const std::optional<Duration> behind = catch_up(plan, delays);
    if (result.split > split_max || !behind) {
        return std::nullopt;
    }
    result.rounds = result.split <= 0
                        ? 1
                        : static_cast<unsigned>(std::ceil(std::log(availability_alarm_probability) /
                                                          std::log(result.split)));
    result.rounds = std::max(result.rounds, 1U);
    result.round = timing.election_max + 4 * link + 2 * delays.sync;
    result.catch_up = *behind;
    result.bound = 2 * timing.election_max + result.rounds * result.round + result.catch_up +
                   delays.start + 2 * plan.operation_timeout;
    return result;
}

}  // namespace squall::harness
