#include "harness/run_faults.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/failure.hpp"
#include "history/random.hpp"
#include "nemesis/fault_class.hpp"

namespace squall::harness {

using history::FaultPhase;
using nemesis::Fault;
using nemesis::PlannedFault;

FaultBook::FaultBook(const Plan& plan, RunOutput& output, ClusterWatch& watch)
    : plan_(plan), output_(output), watch_(watch) {
    for (const PlannedFault& planned : plan.faults) {
        if (!planned.action && nemesis::find_fault_class(planned.name) == nullptr) {
            throw Failure("unknown fault class '" + planned.name + "'");
        }
    }
}

void FaultBook::run_due() {
    // Injections before healings: of two faults on one node that touch in time, the second takes
    // over without the node coming back in between.
    while (next_ < plan_.faults.size() && plan_.faults[next_].at <= output_.now()) {
        inject(plan_.faults[next_++]);
    }
    for (auto& [id, open] : open_) {
        if (!open.healing && !for_ever_.contains(id) && open.heal_at <= output_.now()) {
            heal(id, open);
        }
    }
}

void FaultBook::heal_all() {
    next_ = plan_.faults.size();
    for (auto& [id, open] : open_) {
        if (!open.healing && !for_ever_.contains(id)) {
            heal(id, open);
        }
    }
}

void FaultBook::break_for_ever(const std::vector<NodeId>& nodes) {
    const history::Stream stream(plan_.seed, "for-ever");
    for (const NodeId node : nodes) {
        const std::uint64_t way = stream.below(4, node, 0);
        if (way == 0) {
            inject_for_ever(
                fmt::format("n{} down for ever", node), node, nemesis::KillFault{{node}});
            continue;
        }
        nemesis::LinkFault links;
        for (NodeId other = 1; other <= plan_.nodes; ++other) {
            if (other != node && way != 1) {
                links.rules[{.from = node, .to = other}].cut = true;
            }
            if (other != node && way != 2) {
                links.rules[{.from = other, .to = node}].cut = true;
            }
        }
        const char* words = way == 1 ? "deaf" : way == 2 ? "not heard" : "cut off";
        inject_for_ever(fmt::format("n{} {} for ever", node, words), node, std::move(links));
    }
}

void FaultBook::inject_for_ever(const std::string& detail, NodeId node, nemesis::Action action) {
    FaultId id = 1;
    for (const PlannedFault& planned : plan_.faults) {
        id = std::max(id, planned.id + 1);
    }
    while (open_.contains(id)) {
        ++id;
    }
    PlannedFault planned;
    planned.id = id;
    planned.name = "for-ever";
    planned.nodes = {node};
    planned.action = std::move(action);
    planned.detail = detail;
    for_ever_.insert(id);
    inject(planned);
}

void FaultBook::begun(FaultId id) {
    const auto found = open_.find(id);
    if (found == open_.end() || found->second.begun) {
        return;
    }
    Open& open = found->second;
    open.begun = true;
    open.begun_at = output_.now();
    open.heal_at = output_.now() + open.planned.duration;
    record(open, FaultPhase::begin);

    if (for_ever_.contains(id)) {
        return;  // The plan's end, not one of its entries.
    }
    PlannedFault& real = realised_[id] = open.planned;
    real.at = output_.now();
    real.nodes = open.fault.targets;
    real.action = open.fault.action;
    real.detail = open.fault.detail;
    if (open.healing) {
        real.duration = Duration::zero();
    }
}

void FaultBook::ended(FaultId id, const std::map<std::string, std::int64_t>& effect) {
    const auto found = open_.find(id);
    if (found == open_.end()) {
        return;
    }
    Open& open = found->second;
    if (open.begun) {
        record(open, FaultPhase::end, effect);
    } else {
        open.fault.detail += " (the cluster did not confirm that it took hold)";
        record(open, FaultPhase::skipped);
    }
    active_.end(id);
    open_.erase(found);
}

std::string FaultBook::open_in_words() const {
    std::string words;
    for (const auto& [id, open] : open_) {
        if (for_ever_.contains(id)) {
            continue;
        }
        words += (words.empty() ? "" : ", ") + open.fault.name + " " + std::to_string(id);
    }
    return words;
}

std::optional<Time> FaultBook::next_due() const {
    Time due = Time::max();
    if (next_ < plan_.faults.size()) {
        due = plan_.faults[next_].at;
    }
    for (const auto& [id, open] : open_) {
        due = open.healing || for_ever_.contains(id) ? due : std::min(due, open.heal_at);
    }
    return due == Time::max() ? std::nullopt : std::optional<Time>(due);
}

std::vector<std::string> FaultBook::active_details() const {
    std::vector<std::string> details;
    for (const auto& [id, open] : open_) {
        if (open.begun) {
            details.push_back(open.fault.detail);
        }
    }
    return details;
}

std::vector<NodeId> FaultBook::down() const {
    std::vector<NodeId> nodes;
    for (NodeId node = 1; node <= plan_.nodes; ++node) {
        if (active_.down(node) || watch_.gone(node)) {
            nodes.push_back(node);
        }
    }
    return nodes;
}

std::vector<PlannedFault> FaultBook::realised() const {
    std::vector<PlannedFault> faults;
    faults.reserve(realised_.size());
    for (const auto& [id, planned] : realised_) {
        faults.push_back(planned);
    }
    std::stable_sort(
        faults.begin(), faults.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    return faults;
}

std::optional<Fault> FaultBook::resolve(const PlannedFault& planned) const {
    if (planned.action) {
        return Fault{planned.name,
                     planned.detail.empty() ? planned.shape : planned.detail,
                     planned.nodes,
                     *planned.action};
    }
    nemesis::ClusterView view;
    for (NodeId node = 1; node <= plan_.nodes; ++node) {
        view.nodes.push_back(node);
    }
    view.down = down();
    view.leader = watch_.leader(view.down);
    return nemesis::find_fault_class(planned.name)->resolve(planned, view);
}

void FaultBook::inject(const PlannedFault& planned) {
    std::optional<Fault> fault = resolve(planned);
    Open open;
    open.planned = planned;
    if (!fault) {
        open.fault.name = planned.name;
        open.fault.detail = "no target for '" + planned.shape + "' now";
        record(open, FaultPhase::skipped);
        return;
    }
    open.fault = std::move(*fault);
    open.heal_at = output_.now() + planned.duration;
    for (const NodeId node : open.fault.targets) {
        // The role is the one that made the node a target, before the fault changes it.
        const bool is_down = active_.down(node) || watch_.gone(node);
        open.targets.push_back({node, is_down ? "down" : watch_.role(node)});
    }
    active_.begin(planned.id, open.fault);
    const auto* power = std::get_if<nemesis::PowerFault>(&open.fault.action);
    if (power != nullptr && power->bit_flips > 0) {
        rotten_.insert(power->nodes.begin(), power->nodes.end());
    }
    for (const NodeId node : open.fault.targets) {
        if (active_.down(node)) {
            watch_.forget(node);
        }
    }
    output_.push(Inject{planned.id, open.fault});
    open_.insert_or_assign(planned.id, std::move(open));
}

void FaultBook::heal(FaultId id, Open& open) {
    open.healing = true;
    if (open.begun) {
        realised_[id].duration = output_.now() - open.begun_at;
    }
    output_.push(Heal{id});
}

void FaultBook::record(const Open& open,
                       FaultPhase phase,
                       const std::map<std::string, std::int64_t>& effect) {
    history::Event event;
    event.type = history::EventType::fault;
    event.fault = history::FaultRecord{
        open.planned.id, open.fault.name, phase, open.fault.detail, open.targets, effect};
    output_.record(std::move(event));
}

}  // namespace squall::harness
