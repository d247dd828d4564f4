// Which faults met nodes in which state. Pure.
#pragma once

#include <span>

#include "harness/store/results_store.hpp"
#include "history/event.hpp"

namespace squall::harness::suite {

using store::Coverage;

/// For each fault of the history that took hold and each of its targets: the target's role at that
/// moment. A fault without targets counts under "links".
[[nodiscard]] Coverage fault_states(std::span<const history::Event> events);

}  // namespace squall::harness::suite
