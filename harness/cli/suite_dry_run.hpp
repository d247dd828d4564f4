// What a suite would do, without doing it.
#pragma once

#include <string>

#include "harness/suite/cells.hpp"
#include "harness/suite/suite_file.hpp"

namespace squall::harness::cli {

/// A line for each cell with the time that it would get, what is left out and why, the whole.
[[nodiscard]] std::string dry_run_text(const suite::SuiteFile& file,
                                       const suite::Expansion& expansion);

}  // namespace squall::harness::cli
