// A simulated run as bytes, from the simulator of the build that is compared to the judge. What a
// judge can decide by itself is not in it: the paper's invariants are found again from the traces,
// by the checkers of whoever reads. Equal bytes mean equal behaviour.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checker/trace.hpp"
#include "harness/run_record.hpp"

namespace squall::harness::compare {

/// Of the line with which a simulator greets, and of what it records.
inline constexpr int runner_version = 1;

/// Longer recordings are refused.
inline constexpr std::size_t recorded_bytes_max = std::size_t{1} << 30U;

/// What the nodes sent one another.
struct Traffic {
    std::uint64_t messages = 0;
    std::uint64_t payload_bytes = 0;  ///< Of the commands and snapshot chunks in them.
};

struct RecordedRun {
    RunRecord record;
    std::vector<checker::TraceRecord> traces;
    Traffic traffic;
};

[[nodiscard]] std::string encode(const RecordedRun& run);

/// `plan` is what the simulator was asked to run. The record's trace checks are those of this
/// program's checker, and after them those that only a simulator can make (promises kept,
/// convergence). Throws Failure when the bytes are no recording.
[[nodiscard]] RecordedRun decode(std::string_view bytes, const Plan& plan);

/// Equal for equal bytes.
[[nodiscard]] std::string digest(std::string_view bytes);

}  // namespace squall::harness::compare
