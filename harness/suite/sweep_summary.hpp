// What a sweep over seeds came to, as `squall sim --sweep-summary` writes it (docs/suites.md):
// where no run is kept it is all that there is.
#pragma once

#include <cstdint>
#include <string>

#include "harness/suite/fault_states.hpp"

namespace squall::harness::suite {

inline constexpr int sweep_version = 1;

struct SweepSummary {
    std::uint64_t first_seed = 0;
    std::uint64_t seeds = 0;  ///< From the first one on; the last one is bad when the verdict is.
    std::uint64_t unknown = 0;
    std::uint64_t hollow = 0;  ///< Of the unknown ones those where only coverage was lacking.
    std::uint64_t ok_operations = 0;
    double simulated_s = 0;
    std::string verdict;
    Coverage covered;
};

[[nodiscard]] std::string to_json(const SweepSummary& summary);

/// Throws Failure with `name: field: problem`.
[[nodiscard]] SweepSummary sweep_from_json(const std::string& text, const std::string& name);

}  // namespace squall::harness::suite
