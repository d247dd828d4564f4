#include "harness/explore/path.hpp"

#include <algorithm>
#include <utility>

#include "raft/assert.hpp"

namespace squall::harness::explore {

namespace {

/// The facts that a step told; none when it is about no node.
std::span<const Fact> facts_of(Model& model, const PathStep& step) {
    if (step.action.kind == ActionKind::drop) {
        return {};
    }
    return model.step_of(step.before, step.action).facts;
}

bool same_fact(const Earlier& wanted, raft::NodeId node, const Fact& fact) {
    return fact.kind == wanted.kind && (wanted.node == raft::no_node || wanted.node == node) &&
           (wanted.term == 0 || wanted.term == fact.term) && fact.index >= wanted.index;
}

/// Deliveries and ends of writes, as long as there are any.
std::optional<Action> next_of_calm(Model& model, const State& state) {
    std::vector<Action> actions;
    model.actions(state, actions);
    const auto found = std::find_if(actions.begin(), actions.end(), [](const Action& action) {
        return action.kind == ActionKind::persist || action.kind == ActionKind::deliver;
    });
    return found == actions.end() ? std::nullopt : std::optional(*found);
}

void find_earlier(Model& model, Path& path) {
    if (!path.violation || !path.violation->earlier) {
        return;
    }
    for (std::size_t i = 0; i < path.steps.size(); ++i) {
        const PathStep& step = path.steps[i];
        for (const Fact& fact : facts_of(model, step)) {
            if (path.earlier_step == 0 &&
                same_fact(*path.violation->earlier, step.action.node, fact)) {
                path.earlier_step = i + 1;
                path.earlier_fact = fact;
                path.earlier_node = step.action.node;
            }
        }
    }
}

}  // namespace

std::vector<PathStep> election(Model& model) {
    std::vector<PathStep> steps;
    State state = model.fresh();
    const std::uint32_t budgets = state.budgets;
    model.grant(state, Budget::timeouts);
    std::optional<Action> action = Action{ActionKind::election_timeout, 1, 0};
    while (action) {
        State next;
        std::optional<Violation> violation;
        const bool useful = model.apply(state, *action, next, violation);
        if (violation) {
            break;  // The search will find it again.
        }
        next.budgets = budgets;
        if (useful) {
            steps.push_back({*action, state, next});
        }
        state = std::move(next);
        action = next_of_calm(model, state);
    }
    return steps;
}

State start_of(Model& model) {
    if (model.options().start == Start::fresh) {
        return model.fresh();
    }
    const std::vector<PathStep> steps = election(model);
    return steps.empty() ? model.fresh() : steps.back().after;
}

Path path_of(Model& model, const Search& search) {
    Path path;
    State state = start_of(model);
    if (model.options().start == Start::elected) {
        path.steps = election(model);
    }
    const std::vector<std::string> way = search.way();
    std::vector<Action> actions;
    std::string packed;
    State next;
    std::optional<Violation> violation;
    const auto take = [&](const auto& wanted) {
        model.actions(state, actions);
        for (const Action& action : actions) {
            if (model.apply(state, action, next, violation) && wanted()) {
                path.steps.push_back({action, state, next});
                return true;
            }
        }
        return false;
    };
    for (std::size_t i = 1; i < way.size(); ++i) {
        const bool found = take([&] {
            State canonical = next;
            model.canonical(canonical);
            pack(canonical, packed);
            return !violation && packed == way[i];
        });
        ASSERT(found);
        state = path.steps.back().after;
    }
    const bool broken = take([&] { return violation.has_value(); });
    ASSERT(broken);
    path.violation = violation;
    find_earlier(model, path);
    return path;
}

}  // namespace squall::harness::explore
