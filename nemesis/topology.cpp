#include "nemesis/topology.hpp"

#include <algorithm>

#include "history/random.hpp"

namespace squall::nemesis {

namespace {

Grudge both_ways(const Nodes& a, const Nodes& b) {
    Grudge grudge = one_way(a, b);
    grudge.merge(one_way(b, a));
    return grudge;
}

}  // namespace

Nodes shuffled(Nodes nodes, std::uint64_t draw) {
    const history::Stream stream(draw, "shuffle");
    for (std::size_t left = nodes.size(); left > 1; --left) {
        std::swap(nodes[left - 1], nodes[stream.below(left, 0, left)]);
    }
    return nodes;
}

Nodes others(const Nodes& nodes, const Nodes& without) {
    Nodes rest;
    std::copy_if(nodes.begin(), nodes.end(), std::back_inserter(rest), [&](NodeId node) {
        return std::find(without.begin(), without.end(), node) == without.end();
    });
    return rest;
}

Grudge one_way(const Nodes& from, const Nodes& to) {
    Grudge grudge;
    for (const NodeId a : from) {
        for (const NodeId b : to) {
            if (a != b) {
                grudge.insert(Link{a, b});
            }
        }
    }
    return grudge;
}

Grudge complete_grudge(std::span<const Nodes> components) {
    Grudge grudge;
    for (std::size_t i = 0; i < components.size(); ++i) {
        for (std::size_t j = i + 1; j < components.size(); ++j) {
            grudge.merge(both_ways(components[i], components[j]));
        }
    }
    return grudge;
}

Grudge majorities_ring(const Nodes& order) {
    const std::size_t count = order.size();
    if (count < 3) {
        return {};
    }
    // Three nodes on a ring are all neighbours, so the ring is opened into a path.
    if (count == 3) {
        return both_ways({order[0]}, {order[2]});
    }
    // Each node hears `reach` neighbours on either side: the smallest window that is a majority.
    const std::size_t reach = majority_of(count) / 2;
    Grudge grudge;
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t j = 0; j < count; ++j) {
            const std::size_t forward = (j + count - i) % count;
            if (std::min(forward, count - forward) > reach) {
                grudge.insert(Link{order[i], order[j]});
            }
        }
    }
    return grudge;
}

Grudge bridge(const Nodes& order) {
    if (order.size() < 3) {
        return {};
    }
    const auto middle = order.begin() + static_cast<std::ptrdiff_t>(order.size() / 2);
    return both_ways(Nodes(order.begin(), middle), Nodes(middle + 1, order.end()));
}

std::size_t majority_of(std::size_t nodes) {
    return nodes / 2 + 1;
}

std::size_t minority_of(std::size_t nodes) {
    return std::max<std::size_t>(1, (nodes - 1) / 2);
}

std::size_t minority_third_of(std::size_t nodes) {
    return std::max<std::size_t>(1, (nodes + 2) / 3 - 1);
}

}  // namespace squall::nemesis
