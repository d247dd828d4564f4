#include "harness/availability_bound.hpp"

#include <algorithm>
#include <cmath>

namespace squall::harness {

namespace {

/// The pipeline must be able to do so many times what clients ask.
constexpr double headroom = 2;
/// At most, of a small command in an append and of a session in a snapshot.
constexpr double entry_bytes = 160;
constexpr double session_bytes = 120;
/// Longer bounds are none: no run shows them, and from some length on a Duration does not hold
/// them.
constexpr double longest_s = 86'400;

/// Seconds for a member that is behind to get what it lacks; nothing where it might never.
std::optional<double> catch_up(const Plan& plan, const AssumedDelays& delays, double mutations) {
    const NodeLimits limits = plan.limits.value_or(NodeLimits{});
    const double turn = history::to_seconds(2 * delays.link + 2 * delays.sync);
    const double batch = std::max(1.0, std::floor(limits.max_append_bytes / entry_bytes));
    const double entries_per_second = limits.max_inflight * batch / turn;
    if (entries_per_second < headroom * mutations) {
        return std::nullopt;
    }
    const double entries = 1.25 * static_cast<double>(plan.snapshot_interval) +
                           mutations * history::to_seconds(2 * plan.timing.election_max);
    const double snapshot = session_bytes * mutations * history::to_seconds(plan.time_limit);
    const double chunks = std::ceil(snapshot / limits.snapshot_chunk_bytes);
    return entries / entries_per_second + chunks * history::to_seconds(2 * delays.link);
}

/// Rounds of an election, until one elects somebody. Each takes the first of some uniform timeouts,
/// and `handling`; it elects nobody when the second one comes within the share `window` of the
/// timeouts' width.
struct Rounds {
    double shortest = 0;  ///< Timeout, in seconds, as are the next two.
    double width = 0;
    double handling = 0;
    double window = 0;

    /// Of one round among `contenders`: the sum of probability times exp(rate * time) over all that
    /// elect nobody.
    [[nodiscard]] double in_vain(unsigned contenders, double rate) const {
        const auto later = [&](double share) {
            return std::pow(std::max(0.0, 1 - share), contenders);
        };
        constexpr int cells = 16;  // Of the width; each counts as its far end.
        double sum = 0;
        for (int cell = 0; cell < cells; ++cell) {
            const double from = static_cast<double>(cell) / cells;
            const double to = static_cast<double>(cell + 1) / cells;
            const double all = later(from) - later(to);
            const double elect = later(from + window) - later(to + window);
            sum += (all - elect) * std::exp(rate * (shortest + to * width + handling));
        }
        return sum;
    }

    [[nodiscard]] double longest_round() const { return shortest + width + handling; }

    /// So many seconds are exceeded with the alarm's probability at most; infinitely many where
    /// nearly all is in vain. With the rate r at which
    /// `in_vain` is 1, P(T > t) <= exp(-r * (t - longest round)) (Lundberg's inequality): so for
    /// all t up to the longest round, where the right side is 1 at least, and from there on by
    /// induction over the first round, since P(T > t) is the sum over those in vain of probability
    /// times P(T > t - time).
    [[nodiscard]] double longest(unsigned contenders) const {
        if (window <= 0) {
            return longest_round();  // Nothing is ever in vain.
        }
        double low = 0;
        double high = 1 / longest_round();
        while (in_vain(contenders, high) < 1) {
            high *= 2;
        }
        constexpr int halvings = 24;
        for (int i = 0; i < halvings; ++i) {
            const double middle = (low + high) / 2;
            (in_vain(contenders, middle) < 1 ? low : high) = middle;
        }
        return longest_round() - std::log(availability_alarm_probability) / low;
    }
};

}  // namespace

std::optional<AvailabilityBound> availability_bound(const Plan& plan,
                                                    const AssumedDelays& delays,
                                                    double mutations_per_second) {
    const NodeTiming& timing = plan.timing;
    const Duration link = delays.link + plan.latency;
    const double width = history::to_seconds(timing.election_max - timing.election_min);
    // From the moment when a node's patience ends until everybody has heard of its candidacy:
    // pre-votes go and come, its own vote is written, requests for votes go.
    const double window = history::to_seconds(3 * link + delays.sync);
    const std::optional<double> behind = catch_up(plan, delays, mutations_per_second);
    if (window >= width || !behind) {
        return std::nullopt;
    }
    const Rounds rounds{.shortest = history::to_seconds(timing.election_min),
                        .width = width,
                        .handling = history::to_seconds(4 * link + 2 * delays.sync),
                        .window = window / width};
    // Few take long, many split often; alone nobody splits, and the longest timeout is all.
    double election = rounds.longest_round();
    for (unsigned contenders = 2; contenders <= plan.nodes; ++contenders) {
        election = std::max(election, rounds.longest(contenders));
    }
    if (!(election + *behind < longest_s)) {
        return std::nullopt;
    }
    AvailabilityBound result;
    result.split = 1 - std::pow(1 - rounds.window, plan.nodes);
    result.election = history::from_seconds(election);
    result.catch_up = history::from_seconds(*behind);
    result.bound = 2 * timing.election_max + result.election + result.catch_up + delays.start +
                   2 * plan.operation_timeout;
    return result;
}

}  // namespace squall::harness
