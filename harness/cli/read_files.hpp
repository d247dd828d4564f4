// Files that the user names: read in bounds, and whatever is wrong with them is a UsageError that
// names the file, the line or field, and what to do.
#pragma once

#include <string>
#include <vector>

#include "harness/plan.hpp"
#include "harness/results.hpp"
#include "history/event.hpp"

namespace squall::harness::cli {

/// Warnings go to stderr. Also refuses what no recorder writes: a client with two operations open,
/// a completion of what did not begin.
[[nodiscard]] std::vector<history::Event> read_history(const std::string& path);

[[nodiscard]] Plan read_plan(const std::string& path);

[[nodiscard]] Results read_results(const std::string& path, const Plan& plan);

}  // namespace squall::harness::cli
