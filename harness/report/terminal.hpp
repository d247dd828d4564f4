// What a person reads in the terminal when a run is over.
#pragma once

#include <string>

#include "harness/results.hpp"

namespace squall::harness::report {

/// Several lines; `directory` is where the run is kept, empty when nowhere.
[[nodiscard]] std::string terminal_summary(const Results& results, const std::string& directory);

/// One line per check that is not valid, with its details beneath; the line that was `said` already
/// ("name: reason") is left out.
[[nodiscard]] std::string check_lines(const std::vector<checker::Check>& checks,
                                      const std::string& said = {});

}  // namespace squall::harness::report
