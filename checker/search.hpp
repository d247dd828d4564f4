// Layered just-in-time search over one key (Lowe, Testing for linearizability, 2017): sweep the
// events, keep every configuration that the history so far allows, and at a completion linearize
// just enough for the completing operation to have taken effect. Memory depends on how much is
// concurrent, not on the length; where nothing is open only states are left, so that quiescent
// points cut the history by themselves. Complete: it says *invalid* only if no order exists.
#pragma once

#include <cstdint>
#include <span>

#include "checker/check.hpp"
#include "checker/model.hpp"
#include "history/operation.hpp"

namespace squall::checker {

struct SearchResult {
    Verdict verdict = Verdict::valid;
    Spent spent;
};

/// Judges the operations of one key, in order of invocation, as if the history had ended after
/// event `cut`: what completes later is open. *unknown* when the budget is spent.
[[nodiscard]] SearchResult search(std::span<const history::Operation* const> operations,
                                  const Model& model,
                                  const Budget& budget,
                                  std::uint64_t cut = history::never);

}  // namespace squall::checker
