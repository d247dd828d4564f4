// Votes that were granted to candidates whose logs were behind those of the voters. Pure. By the
// times of the traces: exact in the simulator, good to a few milliseconds on processes.
#pragma once

#include <cstdint>
#include <span>

#include "checker/trace.hpp"

namespace squall::harness::triage {

/// How a candidate's log was behind.
enum class LogBehind : std::uint8_t {
    not_one_way,  ///< In neither way alone.
    in_length,    ///< Some candidate's last term was not older, but its log shorter.
    in_term       ///< Some candidate's last term was older, but its log not shorter; none as above.
};

/// Of all elections. `records`: per node by incarnation and sequence.
[[nodiscard]] LogBehind voted_for_behind(std::span<const checker::TraceRecord> records);

}  // namespace squall::harness::triage
