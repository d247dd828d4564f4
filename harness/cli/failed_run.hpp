// The directory of a failing run, read for shrinking.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/results.hpp"
#include "harness/shrink/observed_run.hpp"
#include "history/event.hpp"

namespace squall::harness::cli {

struct FailedRun {
    std::string directory;
    std::string command;  ///< run or sim: where it failed.
    std::string check;    ///< The one that every smaller plan has to fail, too.
    shrink::ObservedRun observed;
};

/// A run that is at hand. `check` empty: the first that failed. Nothing when none did; throws
/// UsageError when the one that was named did not.
[[nodiscard]] std::optional<FailedRun> failed_run(const std::string& directory,
                                                  const Results& results,
                                                  const Plan& realised,
                                                  const std::vector<history::Event>& events,
                                                  const std::string& check);

/// The same, read from its directory. Throws UsageError when that is none.
[[nodiscard]] std::optional<FailedRun> read_failed_run(const std::string& directory,
                                                       const std::string& check);

}  // namespace squall::harness::cli
