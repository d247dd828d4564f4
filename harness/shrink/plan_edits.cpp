#include "harness/shrink/plan_edits.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "harness/overloaded.hpp"
#include "harness/shrink/fault_edits.hpp"

namespace squall::harness::shrink {
namespace {

using nemesis::PlannedFault;

/// The numbers of the nodes when one is gone.
class Renumbering {
  public:
    explicit Renumbering(NodeId gone) : gone_(gone) {}

    /// 0 for the node that is gone.
    [[nodiscard]] NodeId operator()(NodeId node) const {
        return node == gone_ ? 0 : (node > gone_ ? node - 1 : node);
    }

    [[nodiscard]] std::vector<NodeId> operator()(const std::vector<NodeId>& nodes) const {
        std::vector<NodeId> rest;
        for (const NodeId node : nodes) {
            if (node != gone_) {
                rest.push_back((*this)(node));
            }
        }
        return rest;
    }

    [[nodiscard]] nemesis::Action operator()(const nemesis::Action& action) const {
        return std::visit(Overloaded{
                              [this](const nemesis::LinkFault& fault) -> nemesis::Action {
                                  nemesis::LinkFault rest;
                                  for (const auto& [link, rule] : fault.rules) {
                                      if (link.from != gone_ && link.to != gone_) {
                                          rest.rules[{(*this)(link.from), (*this)(link.to)}] = rule;
                                      }
                                  }
                                  return rest;
                              },
                              [this](const nemesis::KillFault& fault) -> nemesis::Action {
                                  return nemesis::KillFault{(*this)(fault.nodes)};
                              },
                              [this](const nemesis::PauseFault& fault) -> nemesis::Action {
                                  return nemesis::PauseFault{(*this)(fault.nodes)};
                              },
                              [this](const nemesis::PowerFault& fault) -> nemesis::Action {
                                  return nemesis::PowerFault{(*this)(fault.nodes), fault.bit_flips};
                              },
                              [this](const nemesis::DiskFault& fault) -> nemesis::Action {
                                  nemesis::DiskFault rest;
                                  for (const auto& [node, rule] : fault.rules) {
                                      if (node != gone_) {
                                          rest.rules[(*this)(node)] = rule;
                                      }
                                  }
                                  return rest;
                              },
                              [this](const nemesis::ClockFault& fault) -> nemesis::Action {
                                  nemesis::ClockFault rest;
                                  for (const auto& [node, rule] : fault.rules) {
                                      if (node != gone_) {
                                          rest.rules[(*this)(node)] = rule;
                                      }
                                  }
                                  return rest;
                              },
                          },
                          action);
    }

  private:
    NodeId gone_;
};

/// The fault on a cluster without the node; nothing when it had no other target.
std::optional<PlannedFault> renumbered(const PlannedFault& fault, const Renumbering& renumber) {
    PlannedFault rest = fault;
    rest.nodes = renumber(fault.nodes);
    if (rest.nodes.empty() && !fault.nodes.empty()) {
        return std::nullopt;
    }
    if (fault.action) {
        rest.action = renumber(*fault.action);
        rest.detail = words_of(*rest.action);
        if (hits_nobody(*rest.action)) {
            return std::nullopt;
        }
    }
    return rest;
}

/// Applies an increasing function of time to everything that has one.
template <typename Map>
Plan with_times(const Plan& plan, const Map& map) {
    Plan moved = plan;
    moved.time_limit = map(plan.time_limit);
    for (PlannedFault& fault : moved.faults) {
        const Time end = map(fault.at + fault.duration);
        fault.at = map(fault.at);
        fault.duration = end - fault.at;
    }
    if (moved.operations) {
        for (PlannedOperation& operation : *moved.operations) {
            operation.at = map(operation.at);
        }
    }
    return moved;
}

}  // namespace

Plan with_faults(const Plan& plan, std::span<const std::size_t> kept) {
    Plan smaller = plan;
    smaller.faults.clear();
    for (const std::size_t position : kept) {
        smaller.faults.push_back(plan.faults.at(position));
    }
    return smaller;
}

Plan with_operations(const Plan& plan, std::span<const std::size_t> kept) {
    Plan smaller = plan;
    smaller.operations.emplace();
    for (const std::size_t position : kept) {
        smaller.operations->push_back(plan.operations->at(position));
    }
    return smaller;
}

Plan cut_at(const Plan& plan, Time limit) {
    Plan shorter = plan;
    shorter.time_limit = std::min(plan.time_limit, limit);
    std::erase_if(shorter.faults, [&](const PlannedFault& fault) { return fault.at >= limit; });
    for (PlannedFault& fault : shorter.faults) {
        fault.duration = std::min(fault.duration, limit - fault.at);
    }
    if (shorter.operations) {
        std::erase_if(*shorter.operations,
                      [&](const PlannedOperation& operation) { return operation.at >= limit; });
    }
    return shorter;
}

std::optional<Plan> without_node(const Plan& plan, NodeId node) {
    if (plan.nodes <= 1 || node < 1 || node > plan.nodes) {
        return std::nullopt;
    }
    const Renumbering renumber(node);
    Plan smaller = plan;
    smaller.nodes = plan.nodes - 1;
    smaller.faults.clear();
    for (const PlannedFault& fault : plan.faults) {
        if (auto rest = renumbered(fault, renumber)) {
            smaller.faults.push_back(std::move(*rest));
        }
    }
    if (smaller.nodes == 1 && !smaller.faults.empty()) {
        return std::nullopt;  // One node has no links, and no peers that its death could matter to.
    }
    if (smaller.operations) {
        for (PlannedOperation& operation : *smaller.operations) {
            const NodeId moved = renumber(operation.node);
            operation.node = moved == 0 ? (node - 1) % smaller.nodes + 1 : moved;
        }
    }
    return smaller;
}

std::vector<Time> moments(const Plan& plan) {
    std::set<Time> all{Time{}};
    for (const PlannedFault& fault : plan.faults) {
        all.insert(fault.at);
        all.insert(fault.at + fault.duration);
    }
    if (plan.operations) {
        for (const PlannedOperation& operation : *plan.operations) {
            all.insert(operation.at);
        }
    }
    all.insert(plan.time_limit);
    std::erase_if(all, [&](Time moment) { return moment > plan.time_limit; });
    return {all.begin(), all.end()};
}

std::optional<Plan> with_gap(const Plan& plan, std::size_t index, Duration length) {
    const std::vector<Time> all = moments(plan);
    if (index + 1 >= all.size() || all[index + 1] - all[index] <= length) {
        return std::nullopt;
    }
    const Time end = all[index + 1];
    const Duration less = end - all[index] - length;
    return with_times(plan, [&](Time time) { return time >= end ? time - less : time; });
}

std::optional<Plan> tidied(const Plan& plan) {
    if (!plan.operations) {
        return std::nullopt;
    }
    Plan tidy = plan;
    std::map<std::uint32_t, std::uint32_t> slots;
    std::set<std::string> keys;
    for (PlannedOperation& operation : *tidy.operations) {
        const auto next = static_cast<std::uint32_t>(slots.size());
        operation.slot = slots.try_emplace(operation.slot, next).first->second;
        keys.insert(operation.request.key);
    }
    tidy.concurrency = std::max<std::uint32_t>(1, static_cast<std::uint32_t>(slots.size()));
    tidy.keys = std::max<std::uint32_t>(1, static_cast<std::uint32_t>(keys.size()));
    std::erase_if(tidy.fault_classes, [&](const std::string& name) {
        return std::ranges::find(plan.faults, name, &PlannedFault::name) == plan.faults.end();
    });
    const bool changed = tidy.operations != plan.operations ||
                         tidy.concurrency != plan.concurrency || tidy.keys != plan.keys ||
                         tidy.fault_classes != plan.fault_classes;
    return changed ? std::optional<Plan>(std::move(tidy)) : std::nullopt;
}

}  // namespace squall::harness::shrink
