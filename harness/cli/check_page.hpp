// A page for a history that `squall check` found wrong: that of a run, without what only runs have.
#pragma once

#include <string>

#include "checker/check.hpp"
#include "harness/cli/check_file.hpp"
#include "history/compact_history.hpp"

namespace squall::harness::cli {

/// Draws the operations of the failing key around the counterexample, or, where there is none, the
/// first of the history: at most 2000. A second of its axis is a thousand events. Throws Failure
/// when it cannot be written.
void write_check_page(const std::string& path,
                      const CheckedFile& checked,
                      const history::CompactHistory& history,
                      const checker::Check& check);

}  // namespace squall::harness::cli
