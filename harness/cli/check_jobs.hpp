// Judges files side by side, each in a process of its own: so its memory can be measured, its time
// can be bounded from outside, and what it does to itself harms no other.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/cli/check_file.hpp"

namespace squall::harness::cli {

struct CheckJobs {
    std::size_t at_once = 1;
    std::optional<std::chrono::nanoseconds> time;  ///< For each file; what is not judged then is
                                                   ///< unknown.
};

/// `done` gets the results in the order of the files. Call it before any thread exists. Throws
/// Failure when a process cannot be made or dies.
void check_files(const std::vector<std::string>& files,
                 const CheckFileOptions& options,
                 const CheckJobs& jobs,
                 const std::function<void(const CheckedFile&)>& done);

}  // namespace squall::harness::cli
