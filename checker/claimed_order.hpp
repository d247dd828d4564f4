// Engine 4: the order that the system itself claims. Where it says at which place of its one log
// each operation took effect (a mutation: its entry; a read: the last entry that it reflects),
// nothing is to be searched:
//   - no two mutations share a place, and terms never fall along the log;
//   - what completed before another began stands before it (real time);
//   - replayed in the claimed order, key by key, every result is what the model says. A key is
//     followed only up to where a mutation whose place is not known may have taken effect.
// Linear but for the sorting. A check by itself, beside linearizability: a claim can be a lie, and
// a run that is linearizable in some other order still showed a server that is wrong about its own
// log.
#pragma once

#include <optional>
#include <span>

#include "checker/check.hpp"
#include "checker/model.hpp"
#include "history/operation.hpp"

namespace squall::checker {

/// Nothing where no operation claims a place, or one does not fit the model.
[[nodiscard]] std::optional<Check> claimed_order_check(
    std::span<const history::Operation> operations, const Model& model);

}  // namespace squall::checker
