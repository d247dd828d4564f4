#include "nemesis/active_faults.hpp"

#include <algorithm>

namespace squall::nemesis {

namespace {

/// Either of two independent events; exact when one of them is impossible.
double either(double a, double b) {
    return a + b - a * b;
}

bool holds(const std::vector<NodeId>& nodes, NodeId node) {
    return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
}

template <typename NodeFault>
bool any_holds(const std::map<FaultId, Fault>& active, NodeId node) {
    return std::any_of(active.begin(), active.end(), [node](const auto& entry) {
        const auto* fault = std::get_if<NodeFault>(&entry.second.action);
        return fault != nullptr && holds(fault->nodes, node);
    });
}

/// Of the sum of both jitters.
JitterLaw law_of_both(const LinkRule& a, const LinkRule& b) {
    if (a.jitter == Duration::zero()) {
        return b.law;
    }
    return b.jitter == Duration::zero() ? a.law : std::max(a.law, b.law);
}

}  // namespace

LinkRule combine(const LinkRule& a, const LinkRule& b) {
    return LinkRule{.cut = a.cut || b.cut,
                    .delay = a.delay + b.delay,
                    .jitter = a.jitter + b.jitter,
                    .law = law_of_both(a, b),
                    .drop = either(a.drop, b.drop),
                    .duplicate = either(a.duplicate, b.duplicate),
                    .reorder = either(a.reorder, b.reorder)};
}

ClockRule combine(const ClockRule& a, const ClockRule& b) {
    return ClockRule{.rate = a.rate * b.rate, .realtime_jump = a.realtime_jump + b.realtime_jump};
}

DiskRule combine(const DiskRule& a, const DiskRule& b) {
    return DiskRule{.sync_delay = a.sync_delay + b.sync_delay,
                    .stuck = a.stuck || b.stuck,
                    .sync_error = either(a.sync_error, b.sync_error),
                    .write_error = either(a.write_error, b.write_error),
                    .full = a.full || b.full};
}

void ActiveFaults::begin(FaultId id, const Fault& fault) {
    active_.insert_or_assign(id, fault);
}

void ActiveFaults::end(FaultId id) {
    active_.erase(id);
}

bool ActiveFaults::down(NodeId node) const {
    return any_holds<KillFault>(active_, node) || any_holds<PowerFault>(active_, node);
}

bool ActiveFaults::paused(NodeId node) const {
    return any_holds<PauseFault>(active_, node);
}

LinkRule ActiveFaults::rule(Link link) const {
    LinkRule combined;
    for (const auto& [id, fault] : active_) {
        if (const auto* links = std::get_if<LinkFault>(&fault.action)) {
            const auto found = links->rules.find(link);
            if (found != links->rules.end()) {
                combined = combine(combined, found->second);
            }
        }
    }
    return combined;
}

DiskRule ActiveFaults::disk(NodeId node) const {
    DiskRule combined;
    for (const auto& [id, fault] : active_) {
        if (const auto* disks = std::get_if<DiskFault>(&fault.action)) {
            const auto found = disks->rules.find(node);
            if (found != disks->rules.end()) {
                combined = combine(combined, found->second);
            }
        }
    }
    return combined;
}

ClockRule ActiveFaults::clock(NodeId node) const {
    ClockRule combined;
    for (const auto& [id, fault] : active_) {
        if (const auto* clocks = std::get_if<ClockFault>(&fault.action)) {
            const auto found = clocks->rules.find(node);
            if (found != clocks->rules.end()) {
                combined = combine(combined, found->second);
            }
        }
    }
    return combined;
}

}  // namespace squall::nemesis
