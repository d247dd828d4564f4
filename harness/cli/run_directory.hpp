// Where a run is kept: runs/<UTC time>-<system>-<workload>-<profile>-<seed>/ and runs/latest, or
// --out.
#pragma once

#include <string>

#include "harness/plan.hpp"
#include "harness/results.hpp"

namespace squall::harness::cli {

/// Creates the directory and returns its path. `out` empty: under runs/, with runs/latest pointing
/// at it. Throws UsageError when `out` exists already, Failure when it cannot be made.
[[nodiscard]] std::string make_run_directory(const Plan& plan, const std::string& out);

/// Writes `content` to a file of the run. Throws Failure.
void write_file(const std::string& path, const std::string& content);

/// results.json and report.md.
void write_reports(const std::string& directory, const Results& results);

}  // namespace squall::harness::cli
