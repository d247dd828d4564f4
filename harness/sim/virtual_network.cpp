#include "harness/sim/virtual_network.hpp"

#include <algorithm>

#include "nemesis/link_fate.hpp"

namespace squall::harness::sim {

using history::Duration;
using history::Time;
using nemesis::Link;
using nemesis::LinkRule;
using std::chrono::microseconds;

namespace {

constexpr Duration latency_min = microseconds(200);
constexpr Duration latency_max = microseconds(2000);
}  // namespace

VirtualNetwork::VirtualNetwork(std::uint64_t seed, std::uint32_t nodes)
    : latencies_(seed, "network"),
      fates_(seed, "links"),
      nodes_(nodes),
      links_(std::size_t{nodes} * nodes) {}

std::size_t VirtualNetwork::index(Link link) const {
    return std::size_t{link.from - 1} * nodes_ + (link.to - 1);
}

VirtualNetwork::Deliveries VirtualNetwork::send(Time now, Link link, bool counts) {
    const std::size_t entity = index(link);
    State& state = links_[entity];
    const Duration usual =
        latency_min + Duration(static_cast<Duration::rep>(
                          latencies_.unit(entity, state.sent) *
                          static_cast<double>((latency_max - latency_min).count())));
    Deliveries deliveries;
    if (state.faulty) {
        deliveries = send_under_rule(now, state, link, usual, counts);
    } else {
        state.last_arrival = std::max(now + usual, state.last_arrival + Duration(1));
        deliveries.add({state.last_arrival, state.era});
    }
    state.in_flight += static_cast<std::int64_t>(deliveries.all().size());
    ++state.sent;
    return deliveries;
}

VirtualNetwork::Deliveries VirtualNetwork::send_under_rule(
    Time now, State& state, Link link, Duration usual, bool counts) {
    LinkCounters ignored;
    LinkCounters& counters = counts ? state.counters : ignored;
    Deliveries deliveries;
    if (state.rule.cut) {
        ++counters.cut;
        return deliveries;
    }
    const nemesis::Fate fate = nemesis::decide_fate(state.rule, fates_, link, state.sent);
    if (fate.dropped) {
        ++counters.dropped;
        return deliveries;
    }
    counters.delayed += fate.delay > Duration::zero() ? 1 : 0;
    Time arrival = now + usual + fate.delay;
    if (fate.held_back) {
        ++counters.reordered;
    } else {
        arrival = std::max(arrival, state.last_arrival + Duration(1));
        state.last_arrival = arrival;
    }
    deliveries.add({arrival, state.era});
    if (fate.copy_after) {
        ++counters.duplicated;
        deliveries.add({arrival + Duration(1) + *fate.copy_after, state.era});
    }
    return deliveries;
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

bool VirtualNetwork::cut(Link link) const {
    return links_[index(link)].rule.cut;
}

const LinkCounters& VirtualNetwork::counters(Link link) const {
    return links_[index(link)].counters;
}

}  // namespace squall::harness::sim
