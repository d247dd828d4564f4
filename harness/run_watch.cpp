#include "harness/run_watch.hpp"

#include <algorithm>
#include <tuple>

namespace squall::harness {

ClusterWatch::ClusterWatch(std::uint32_t nodes) : nodes_(nodes) {}

void ClusterWatch::observe(Time now, const Observed& observed) {
    if (observed.node < 1 || observed.node > nodes_.size()) {
        return;
    }
    Seen& seen = nodes_[observed.node - 1];
    seen.last = observed;
    seen.at = now;
    roles_told_ = roles_told_ || (!observed.role.empty() && observed.role != "unknown");
    seen.gone = seen.gone && !observed.up;
}

void ClusterWatch::forget(NodeId node) {
    if (node >= 1 && node <= nodes_.size()) {
        nodes_[node - 1].last = Observed{};
    }
}

void ClusterWatch::exited(NodeId node) {
    forget(node);
    if (node >= 1 && node <= nodes_.size()) {
        nodes_[node - 1].gone = true;
    }
}

void ClusterWatch::write_off(NodeId node) {
    if (node >= 1 && node <= nodes_.size()) {
        nodes_[node - 1].written_off = true;
    }
}

bool ClusterWatch::written_off(NodeId node) const {
    return node >= 1 && node <= nodes_.size() && nodes_[node - 1].written_off;
}

bool ClusterWatch::gone(NodeId node) const {
    return node >= 1 && node <= nodes_.size() &&
           (nodes_[node - 1].gone || nodes_[node - 1].written_off);
}

std::string ClusterWatch::role(NodeId node) const {
    const bool known = node >= 1 && node <= nodes_.size() && nodes_[node - 1].last.up &&
                       !nodes_[node - 1].last.role.empty();
    return known ? nodes_[node - 1].last.role : "unknown";
}

NodeId ClusterWatch::leader(const std::vector<NodeId>& down) const {
    // Term first; a node's own word before what others say of it.
    std::tuple<std::uint64_t, bool, NodeId> best{};
    for (NodeId node = 1; node <= nodes_.size(); ++node) {
        const Observed& last = nodes_[node - 1].last;
        const bool leads = last.role == "leader";
        const NodeId named = leads ? node : last.leader;
        if (last.up && named != 0 && std::find(down.begin(), down.end(), named) == down.end()) {
            best = std::max(best, std::tuple(last.term, leads, named));
        }
    }
    return std::get<NodeId>(best);
}

bool ClusterWatch::serving_since(Time since) const {
    bool led = false;
    for (const Seen& seen : nodes_) {
        if (seen.gone || seen.written_off) {
            continue;
        }
        if (!seen.last.up || seen.at < since) {
            return false;
        }
        led = led || seen.last.role == "leader";
    }
    return led || !roles_told_;
}

}  // namespace squall::harness
