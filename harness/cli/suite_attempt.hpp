// One attempt at a cell: which command is run for it, in which directory, and what it left behind.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "harness/store/results_store.hpp"
#include "harness/suite/cell_course.hpp"
#include "harness/suite/cells.hpp"

namespace squall::harness::cli {

struct AttemptOrder {
    const suite::Cell& cell;
    suite::Again what;
    std::string directory;  ///< Its own; holds like.json, output.log, sweep.json and run/.
    double shrink_s = 20;
};

/// Makes the directory, with what the command needs. Throws Failure.
void prepare_attempt(const AttemptOrder& order);

/// Of `squall`.
[[nodiscard]] std::vector<std::string> arguments_of(const AttemptOrder& order);

/// How long the command may take.
[[nodiscard]] std::chrono::milliseconds timeout_of(const AttemptOrder& order,
                                                   double cell_timeout_s);

struct AttemptExit {
    int wait_status = 0;
    bool timed_out = false;
    std::int64_t duration_ms = 0;
    store::UnixMs at = 0;
};

/// Reads what it left. What cannot be read makes it void, with the reason.
[[nodiscard]] store::AttemptEnd read_attempt(const AttemptOrder& order, const AttemptExit& exit);

/// Everything below a directory, in bytes; 0 when there is none.
[[nodiscard]] std::uint64_t bytes_in(const std::string& directory);

}  // namespace squall::harness::cli
