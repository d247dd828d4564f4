#include "harness/shrink/fault_joins.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "harness/shrink/fault_edits.hpp"

namespace squall::harness::shrink {
namespace {

using nemesis::Action;
using nemesis::NodeId;
using nemesis::PlannedFault;

constexpr std::size_t faults_max = 16;
/// What `joined` returns at most.
constexpr std::size_t ways = 3;

std::vector<NodeId> united(const std::vector<NodeId>& a, const std::vector<NodeId>& b) {
    std::vector<NodeId> all = a;
    all.insert(all.end(), b.begin(), b.end());
    std::ranges::sort(all);
    const auto rest = std::ranges::unique(all);
    all.erase(rest.begin(), rest.end());
    return all;
}

/// Both at once; nothing when they are of different kinds.
std::optional<Action> united(const Action& a, const Action& b) {
    return std::visit(
        [](const auto& first, const auto& second) -> std::optional<Action> {
            using First = std::decay_t<decltype(first)>;
            if constexpr (!std::is_same_v<First, std::decay_t<decltype(second)>>) {
                return std::nullopt;
            } else if constexpr (requires { first.rules; }) {
                First both = first;
                for (const auto& [where, rule] : second.rules) {
                    const auto [place, added] = both.rules.emplace(where, rule);
                    if (!added) {
                        place->second = nemesis::combine(place->second, rule);
                    }
                }
                return Action(std::move(both));
            } else {
                First both = first;
                both.nodes = united(first.nodes, second.nodes);
                return Action(std::move(both));
            }
        },
        a,
        b);
}

/// Entries that stand for what their draw decides name no action.
Plan with_one(const Plan& plan, std::size_t i, std::size_t j, PlannedFault one) {
    const PlannedFault& first = plan.faults[i];
    const PlannedFault& second = plan.faults[j];
    one.id = first.id;
    one.at = first.at;
    one.duration = std::max(first.at + first.duration, second.at + second.duration) - first.at;
    Plan smaller = plan;
    smaller.faults[i] = std::move(one);
    smaller.faults.erase(smaller.faults.begin() + static_cast<std::ptrdiff_t>(j));
    return smaller;
}

}  // namespace

std::vector<Plan> joined(const Plan& plan, std::size_t i, std::size_t j) {
    const PlannedFault& first = plan.faults.at(i);
    const PlannedFault& second = plan.faults.at(j);
    if (!first.action || !second.action) {
        return {};
    }
    std::vector<Plan> plans;
    auto both = united(*first.action, *second.action);
    if (both && *both != *first.action && *both != *second.action) {
        PlannedFault one = first;
        one.nodes = united(first.nodes, second.nodes);
        one.detail = words_of(*both);
        one.action = std::move(both);
        plans.push_back(with_one(plan, i, j, std::move(one)));
    }
    plans.push_back(with_one(plan, i, j, first));
    if (*first.action != *second.action) {
        plans.push_back(with_one(plan, i, j, second));
    }
    return plans;
}

std::unique_ptr<Pass> joined_faults(const Plan& plan) {
    const std::size_t count = plan.faults.size();
    std::vector<Trial> all;
    // Neighbours first.
    for (std::size_t distance = 1; count <= faults_max && distance < count; ++distance) {
        for (std::size_t i = 0; i + distance < count; ++i) {
            for (std::size_t way = 0; way < ways; ++way) {
                all.emplace_back([=](const Plan& best) -> std::optional<Plan> {
                    if (i + distance >= best.faults.size()) {
                        return std::nullopt;
                    }
                    std::vector<Plan> plans = joined(best, i, i + distance);
                    return way < plans.size() ? std::optional(std::move(plans[way])) : std::nullopt;
                });
            }
        }
    }
    return trials(std::move(all), Repeat::yes);
}

}  // namespace squall::harness::shrink
