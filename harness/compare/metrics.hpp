// What a run was like, apart from right or wrong: a few numbers that two sides of a pair can be
// compared by. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "checker/trace.hpp"
#include "harness/run_record.hpp"

namespace squall::harness::compare {

struct Metric {
    std::string_view name;
    std::string_view unit;
    bool more_is_better = false;
};

inline constexpr std::array<Metric, 6> metrics{{
    {"operations served", "1/s", true},
    {"latency of operations", "ms", false},
    {"time without a leader", "% of the run", false},
    {"messages between nodes", "per operation", false},
    {"payload between nodes", "bytes per operation", false},
    {"processor time", "ms per simulated second", false},
}};

/// In the order of `metrics`; nothing where a run cannot tell.
using Measured = std::array<std::optional<double>, metrics.size()>;

/// What only the simulator knows.
struct SimulatorFacts {
    std::uint64_t messages = 0;
    std::uint64_t payload_bytes = 0;
    std::chrono::nanoseconds processor_time{};
};

/// Of the main phase. A leader counts from the moment at which its trace says so until it says
/// something else, or for the last time anything. `facts` null: real processes.
[[nodiscard]] Measured measure(const RunRecord& record,
                               std::span<const checker::TraceRecord> traces,
                               const SimulatorFacts* facts);

}  // namespace squall::harness::compare
