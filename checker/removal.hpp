// What may be left out of a key's operations such that, if what remains is not linearizable, the
// whole is not either. Leaving out a read is always safe. Leaving out a mutation is safe only if
// nothing that remains has seen it: take an order that explains the whole, strike the mutation out,
// and what remains still fits. Which mutations an operation has seen depends on the model's shape
// (model.hpp); for other shapes only reads are left out.
#pragma once

#include <span>
#include <vector>

#include "checker/engine.hpp"

namespace squall::checker {

/// Does the operation explain nothing and forbid nothing? Failed ones, reads without an answer.
[[nodiscard]] bool means_nothing(const KeyProblem& problem, history::OperationId operation);

/// Those of `operations` (of the problem's key, in order of invocation) whose flag in `wanted` is
/// set, and those that must stay because of them.
[[nodiscard]] std::vector<history::OperationId> with_what_they_need(
    const KeyProblem& problem,
    std::span<const history::OperationId> operations,
    const std::vector<bool>& wanted);

}  // namespace squall::checker
