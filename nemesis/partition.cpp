// Cuts between nodes. Clients reach every node all the same, also one that is cut off.
#include <array>

#include "history/random.hpp"
#include "nemesis/fault_class.hpp"
#include "nemesis/targets.hpp"
#include "nemesis/timetable.hpp"
#include "nemesis/topology.hpp"

namespace squall::nemesis {

namespace {

// The leader counts twice: a leader that is cut off while its clients still talk to it is what
// most consistency bugs need.
constexpr std::array<std::string_view, 8> shapes{
    "one", "majority", "ring", "bridge", "one-way", "half-open", "leader", "leader"};
// Rings and bridges need three nodes.
constexpr std::array<std::string_view, 4> shapes_of_two{"one", "one-way", "half-open", "leader"};

struct Cut {
    Grudge grudge;
    Nodes targets;
    std::string detail;
};

Cut apart(const Nodes& nodes, const Nodes& side) {
    const Nodes rest = others(nodes, side);
    const std::array<Nodes, 2> components{side, rest};
    return Cut{
        complete_grudge(components), side, "cut {" + to_text(side) + "} | {" + to_text(rest) + "}"};
}

Cut cut_one_way(const Nodes& nodes, const Nodes& side, bool inbound) {
    const Nodes rest = others(nodes, side);
    const Nodes& from = inbound ? rest : side;
    const Nodes& to = inbound ? side : rest;
    return Cut{
        one_way(from, to), side, "cut one way {" + to_text(from) + "} > {" + to_text(to) + "}"};
}

/// Of about half of the pairs one side goes on sending, and the other does not hear it, as over a
/// connection that only one side believes in.
Cut cut_half_open(const Nodes& nodes, std::uint64_t draw) {
    const history::Stream stream(draw, "half-open");
    Cut cut;
    cut.targets = nodes;
    cut.detail = "half-open";
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        for (std::size_t j = i + 1; j < nodes.size(); ++j) {
            const std::uint64_t bits = stream.bits(i, j);
            const bool last = cut.grudge.empty() && i + 2 == nodes.size();
            if ((bits & 1U) == 0 && !last) {
                continue;
            }
            const bool swap = (bits & 2U) != 0;
            const Link link{.from = nodes[swap ? j : i], .to = nodes[swap ? i : j]};
            cut.grudge.insert(link);
            cut.detail += " n" + std::to_string(link.from) + ">n" + std::to_string(link.to);
        }
    }
    return cut;
}

Cut cut_bridge(const Nodes& order) {
    const auto middle = order.begin() + static_cast<std::ptrdiff_t>(order.size() / 2);
    return Cut{bridge(order),
               order,
               "cut {" + to_text(Nodes(order.begin(), middle)) + "} | {" +
                   to_text(Nodes(middle + 1, order.end())) + "}, bridge n" +
                   std::to_string(*middle)};
}

/// The first node of the shuffled cluster that is up: cutting off a dead node changes nothing.
Nodes victim(const ClusterView& view, const Nodes& order) {
    const Nodes live = others(order, view.down);
    return Nodes{live.empty() ? order.front() : live.front()};
}

/// The leader alone, or with as much company as still leaves the majority on the other side.
Nodes leader_side(const Nodes& leader, const Nodes& order, bool alone) {
    Nodes side = leader;
    const Nodes company = others(order, side);
    const std::size_t most = alone ? 1 : minority_of(order.size());
    for (std::size_t i = 0; i < company.size() && side.size() < most; ++i) {
        side.push_back(company[i]);
    }
    return side;
}

std::optional<Cut> decide(const PlannedFault& planned, const ClusterView& view) {
    if (!planned.nodes.empty()) {
        return apart(view.nodes, planned.nodes);
    }
    const Nodes order = shuffled(view.nodes, planned.draw);
    const bool coin = history::Stream(planned.draw, "coin").below(2, 0, 0) == 0;
    if (planned.shape == "one") {
        return apart(view.nodes, victim(view, order));
    }
    if (planned.shape == "majority") {
        const auto middle = order.begin() + static_cast<std::ptrdiff_t>(order.size() / 2);
        return apart(view.nodes, Nodes(order.begin(), middle));
    }
    if (planned.shape == "ring") {
        return Cut{majorities_ring(order), order, "majorities ring " + to_text(order)};
    }
    if (planned.shape == "bridge") {
        return order.size() < 3 ? Cut{} : cut_bridge(order);
    }
    if (planned.shape == "one-way") {
        return cut_one_way(view.nodes, victim(view, order), coin);
    }
    if (planned.shape == "half-open") {
        return cut_half_open(view.nodes, planned.draw);
    }
    if (planned.shape == "leader") {
        const Nodes leader = choose_targets(planned, view);
        return leader.empty() ? std::nullopt
                              : std::optional(apart(view.nodes, leader_side(leader, order, coin)));
    }
    return std::nullopt;
}

class Partition final : public FaultClass {
  public:
    [[nodiscard]] std::string_view name() const override { return "partition"; }

    [[nodiscard]] std::string_view description() const override {
        return "cuts links between nodes: one node, halves, a ring of majorities, a bridge, "
               "one way, connections that one side believes in, the leader";
    }

    [[nodiscard]] std::string_view needs() const override { return "links"; }

    [[nodiscard]] std::vector<PlannedFault> schedule(
        const ScheduleParameters& parameters) const override {
        const DurationRange range{0.5, 3};
        return parameters.nodes < 3 ? simple_schedule(parameters, name(), shapes_of_two, range)
                                    : simple_schedule(parameters, name(), shapes, range);
    }

    [[nodiscard]] std::optional<Fault> resolve(const PlannedFault& planned,
                                               const ClusterView& view) const override {
        std::optional<Cut> cut = decide(planned, view);
        if (!cut || cut->grudge.empty()) {
            return std::nullopt;
        }
        LinkFault links;
        for (const Link& link : cut->grudge) {
            links.rules[link].cut = true;
        }
        return Fault{planned.name, cut->detail, cut->targets, links};
    }
};

}  // namespace

const FaultClass& partition_class() {
    static const Partition instance;
    return instance;
}

}  // namespace squall::nemesis
