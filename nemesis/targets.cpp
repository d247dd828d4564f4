#include "nemesis/targets.hpp"

#include <algorithm>

namespace squall::nemesis {

namespace {

std::size_t group_size(std::string_view shape, std::size_t nodes) {
    if (shape == "one") {
        return 1;
    }
    if (shape == "minority-third") {
        return minority_third_of(nodes);
    }
    if (shape == "minority") {
        return minority_of(nodes);
    }
    if (shape == "majority") {
        return majority_of(nodes);
    }
    if (shape == "leader") {
        return 1;
    }
    return shape == "all" ? nodes : 0;
}

}  // namespace

Nodes live_nodes(const ClusterView& view) {
    return others(view.nodes, view.down);
}

Nodes choose_targets(const PlannedFault& planned, const ClusterView& view) {
    if (!planned.nodes.empty()) {
        return planned.nodes;
    }
    const Nodes live = live_nodes(view);
    if (planned.shape == "leader") {
        if (std::find(live.begin(), live.end(), view.leader) != live.end()) {
            return {view.leader};
        }
    }
    Nodes chosen = shuffled(live, planned.draw);
    chosen.resize(std::min(chosen.size(), group_size(planned.shape, view.nodes.size())));
    std::sort(chosen.begin(), chosen.end());
    return chosen;
}

std::string to_text(const Nodes& nodes) {
    std::string text;
    for (const NodeId node : nodes) {
        text += (text.empty() ? "n" : " n") + std::to_string(node);
    }
    return text;
}

}  // namespace squall::nemesis
