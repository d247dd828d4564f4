// A failing run's directory as triage sees it.
#pragma once

#include <string>

#include "harness/store/results_store.hpp"

namespace squall::harness::cli {

/// Of the shrunk run in it, where there is one: it says it better. Throws Failure or UsageError
/// when the directory holds no run that can be read.
[[nodiscard]] store::NewFailure failure_of(const std::string& directory);

[[nodiscard]] bool is_shrunk(const std::string& directory);

/// Its faults are all of the run's, and not those that it takes; says so, and why.
void say_not_shrunk(store::NewFailure& failure, const std::string& why);

}  // namespace squall::harness::cli
