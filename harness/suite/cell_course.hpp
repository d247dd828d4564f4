// The course of one cell: what an attempt's end means for it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "harness/store/results_store.hpp"
#include "harness/suite/cells.hpp"

namespace squall::harness::suite {

/// What a suite allows its cells.
struct CourseLimits {
    std::uint32_t void_retries = 2;
    std::uint32_t failures_max = 3;
};

/// One more attempt, from this seed on.
struct Again {
    std::uint64_t first_seed = 0;
    double for_s = 0;
    std::uint64_t seeds_max = 0;  ///< 0: as many as fit.
};

using NextStep = std::variant<Again, store::CellEnd>;

/// invalid beats void beats unknown beats valid; "" is better than all.
[[nodiscard]] std::string worse_verdict(const std::string& a, const std::string& b);

/// `attempts`: those of the cell that ended, in their order; lost ones do not count. `left_s`: of
/// the cell's share. `first_seed`: of the cell.
[[nodiscard]] NextStep next_step(const Cell& cell,
                                 const std::vector<store::AttemptRow>& attempts,
                                 double left_s,
                                 std::uint64_t first_seed,
                                 const CourseLimits& limits);

/// First seed of a cell, by its name: the same whatever else is in the suite. Below 2^31.
[[nodiscard]] std::uint64_t first_seed_of(std::uint64_t suite_seed, const std::string& cell);

}  // namespace squall::harness::suite
