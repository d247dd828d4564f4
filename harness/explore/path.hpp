// From the canonical states that a search kept back to a run of the cluster in which every node has
// one name: step by step, with what each step changed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/explore/model.hpp"
#include "harness/explore/search.hpp"

namespace squall::harness::explore {

struct PathStep {
    Action action;
    State before;
    State after;  ///< Equal to `before` but for nothing when the step broke something locally.
};

struct Path {
    std::vector<PathStep> steps;
    std::optional<Violation> violation;  ///< Of the last step.
    /// Which step contains the fact that the last one contradicts, from 1; 0: none does.
    std::size_t earlier_step = 0;
    std::optional<Fact> earlier_fact;
    raft::NodeId earlier_node = raft::no_node;
};

/// Start::elected as steps from the fresh state: n1's timer fires, and everything is delivered and
/// written in a fixed order. Budgets are not spent.
[[nodiscard]] std::vector<PathStep> election(Model& model);

/// Where a search begins.
[[nodiscard]] State start_of(Model& model);

/// The way of a search that found a violation, with the steps that led to its start.
[[nodiscard]] Path path_of(Model& model, const Search& search);

}  // namespace squall::harness::explore
