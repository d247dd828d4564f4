// Writes what a suite came to into its directory, from what the store holds, and deletes runs that
// the disk budget has no place for.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "harness/store/results_store.hpp"
#include "harness/suite/suite_file.hpp"
#include "harness/suite/summary.hpp"

namespace squall::harness::cli {

/// As 2026-12-31, local time.
[[nodiscard]] std::string today();

/// With the suites of the same name before it.
[[nodiscard]] suite::SuiteSummary summary_of(store::ResultsStore& store,
                                             store::RowId suite,
                                             const suite::SuiteFile& file,
                                             const std::vector<suite::LeftOut>& left_out);

/// summary.json, summary.md, junit.xml, index.html. Throws Failure.
void write_outputs(const suite::SuiteSummary& summary);

/// Deletes directories until the store's runs are within the budget, those of the attempts `in_use`
/// apart. Takes note of those that somebody else deleted.
void make_room(store::ResultsStore& store,
               std::uint64_t bytes_max,
               const std::set<store::RowId>& in_use = {});

}  // namespace squall::harness::cli
