#include "harness/sim/virtual_network.hpp"

#include <algorithm>

namespace squall::harness::sim {

using history::Duration;
using history::Time;
using nemesis::Link;
using nemesis::LinkRule;
using std::chrono::microseconds;
using std::chrono::milliseconds;

namespace {

constexpr Duration latency_min = microseconds(200);
constexpr Duration latency_max = microseconds(2000);
/// docs/fault-model.md: a message that is overtaken is held back by at least this much room.
constexpr Duration reorder_window_min = milliseconds(10);

/// What a message's random bits are used for.
enum Draw : std::uint64_t {
    latency,
    jitter,
    drop,
    duplicate,
    duplicate_late,
    duplicate_by,
    reorder,
    reorder_by,
    draws
};

Duration below(const history::Stream& stream,
               Duration bound,
               std::uint64_t entity,
               std::uint64_t ordinal) {
    if (bound <= Duration::zero()) {
        return Duration::zero();
    }
    return Duration(static_cast<Duration::rep>(stream.unit(entity, ordinal) *
                                               static_cast<double>(bound.count())));
}

}  // namespace

VirtualNetwork::VirtualNetwork(std::uint64_t seed, std::uint32_t nodes)
    : stream_(seed, "network"), nodes_(nodes), links_(std::size_t{nodes} * nodes) {}

std::size_t VirtualNetwork::index(Link link) const {
    return std::size_t{link.from - 1} * nodes_ + (link.to - 1);
}

VirtualNetwork::Fate VirtualNetwork::send(Time now, Link link, bool counts) {
    const std::size_t entity = index(link);
    State& state = links_[entity];
    const Duration usual =
        latency_min +
        below(stream_, latency_max - latency_min, entity, state.sent * draws + Draw::latency);
    Fate fate;
    if (state.faulty) {
        fate = send_under_rule(now, state, entity, usual, counts);
    } else {
        state.last_arrival = std::max(now + usual, state.last_arrival + Duration(1));
        fate.add({state.last_arrival, state.era});
    }
    state.in_flight += static_cast<std::int64_t>(fate.deliveries().size());
    ++state.sent;
    return fate;
}

VirtualNetwork::Fate VirtualNetwork::send_under_rule(
    Time now, State& state, std::size_t entity, Duration usual, bool counts) {
    const LinkRule& rule = state.rule;
    LinkCounters ignored;
    LinkCounters& counters = counts ? state.counters : ignored;
    const std::uint64_t first = state.sent * draws;
    Fate fate;
    if (rule.cut) {
        ++counters.cut;
        return fate;
    }
    if (stream_.unit(entity, first + Draw::drop) < rule.drop) {
        ++counters.dropped;
        return fate;
    }
    Duration delay = usual;
    if (rule.delay > Duration::zero() || rule.jitter > Duration::zero()) {
        delay += rule.delay + below(stream_, rule.jitter, entity, first + Draw::jitter);
        ++counters.delayed;
    }
    Time arrival = now + delay;
    if (stream_.unit(entity, first + Draw::reorder) < rule.reorder) {
        const Duration window = std::max(rule.delay + rule.jitter, reorder_window_min);
        arrival += below(stream_, window, entity, first + Draw::reorder_by);
        ++counters.reordered;
    } else {
        arrival = std::max(arrival, state.last_arrival + Duration(1));
        state.last_arrival = arrival;
    }
    fate.add({arrival, state.era});
    if (stream_.unit(entity, first + Draw::duplicate) < rule.duplicate) {
        const bool late = stream_.unit(entity, first + Draw::duplicate_late) < 0.5;
        const Duration behind =
            late ? below(stream_, rule.jitter, entity, first + Draw::duplicate_by) : Duration(0);
        fate.add({arrival + Duration(1) + behind, state.era});
        ++counters.duplicated;
    }
    return fate;
}

bool VirtualNetwork::arrives(Link link, std::uint64_t era) {
    State& state = links_[index(link)];
    if (era != state.era) {
        return false;  // Lost to a cut that began while it was under way, and counted then.
    }
    --state.in_flight;
    return true;
}

void VirtualNetwork::set_rule(Link link, const LinkRule& rule, bool counts) {
    State& state = links_[index(link)];
    if (rule.cut && !state.rule.cut) {
        if (counts) {
            state.counters.cut += state.in_flight;
        }
        state.in_flight = 0;
        ++state.era;
    }
    state.rule = rule;
    state.faulty = rule != LinkRule{};
}

const LinkCounters& VirtualNetwork::counters(Link link) const {
    return links_[index(link)].counters;
}

}  // namespace squall::harness::sim
