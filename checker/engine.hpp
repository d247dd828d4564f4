// What every engine that decides linearizability takes and gives. An engine judges one key; which
// engines are asked, and in which order, is decided in linearizability.cpp alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/check.hpp"
#include "checker/model.hpp"
#include "history/compact_history.hpp"

namespace squall::checker {

/// One key's operations and what they are to be judged by. All of it outlives the engine's work.
struct KeyProblem {
    const history::CompactHistory& history;
    history::KeyPart part;
    const Model& model;
    Model::State initial;  ///< The history's, or else the model's.
    /// As if the history had ended after this event: what completes later is open, what is invoked
    /// later is not there.
    history::EventIndex cut = history::never_completed;
};

struct EngineResult {
    /// Nothing: the engine cannot judge such a history; `reason` says why.
    std::optional<Verdict> verdict;
    /// For unknown: what ran out, and how far the engine came.
    std::string reason;
    /// For valid, where the engine gives one: operations of the part in an order that explains
    /// them. Those of unknown outcome that it leaves out never took effect.
    std::vector<history::OperationId> witness;
    /// For invalid, where the engine knows: a few operations that cannot be together.
    std::vector<history::OperationId> conflict;
    Spent spent;
};

}  // namespace squall::checker
