// What the page of a suite says in words: its title, and what the state of a group means.
#pragma once

#include <string>
#include <string_view>

#include "harness/suite/summary.hpp"

namespace squall::harness::suite {

/// "night: invalid: 2 groups of failures (1 new, 1 known) in 4 cells and 30 seeds; of earlier ones
/// 1 fixed".
[[nodiscard]] std::string index_title(const SuiteSummary& summary);

/// Of `new`, `known`, `flaky`, `fixed`, `absent`, `quarantined`.
[[nodiscard]] std::string_view state_meaning(std::string_view state);

/// Of a group, as its tag says it.
[[nodiscard]] std::string_view state_of(const SuiteGroup& group);

}  // namespace squall::harness::suite
