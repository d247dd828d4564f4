#include "harness/suite/cell_course.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include <fmt/format.h>

#include "history/random.hpp"

namespace squall::harness::suite {
namespace {

/// A simulated attempt of less is not worth its start.
constexpr double worth_s = 0.5;

std::size_t rank(const std::string& verdict) {
    constexpr std::array<const char*, 5> order = {"", "valid", "unknown", "void", "invalid"};
    const auto* found = std::ranges::find(order, verdict);
    return static_cast<std::size_t>(found - order.begin());
}

}  // namespace

std::string worse_verdict(const std::string& a, const std::string& b) {
    return rank(a) < rank(b) ? b : a;
}

NextStep next_step(const Cell& cell,
                   const std::vector<store::AttemptRow>& attempts,
                   double left_s,
                   std::uint64_t first_seed,
                   const CourseLimits& limits) {
    std::uint64_t seeds = 0;
    std::uint64_t next_seed = first_seed;
    std::uint32_t failures = 0;
    std::uint32_t voids = 0;  // In a row.
    double longest_s = cell.run_s;
    std::string verdict;
    std::string reason;
    for (const store::AttemptRow& attempt : attempts) {
        const bool is_void = attempt.verdict == "void";
        voids = is_void ? voids + 1 : 0;
        if (is_void && voids <= limits.void_retries) {
            continue;  // It is run again, with the same seed.
        }
        seeds += attempt.seeds;
        next_seed = attempt.first_seed + std::max<std::uint64_t>(attempt.seeds, 1);
        failures += attempt.verdict == "invalid" ? 1U : 0U;
        if (cell.tier == SuiteTier::process) {
            longest_s = std::max(longest_s, static_cast<double>(attempt.duration_ms) / 1000);
        }
        if (worse_verdict(verdict, attempt.verdict) != verdict) {
            verdict = attempt.verdict;
            reason = attempt.reason;
        }
    }
    if (voids > 0 && voids <= limits.void_retries) {
        return Again{next_seed,
                     std::max(left_s, cell.tier == SuiteTier::sim ? 1.0 : 0.0),
                     cell.seeds_max == 0 ? 0 : cell.seeds_max - seeds};
    }
    const bool first = verdict.empty();
    const bool enough = (cell.seeds_max != 0 && seeds >= cell.seeds_max) || voids > 0 ||
                        failures >= limits.failures_max;
    const bool fits = cell.tier == SuiteTier::process ? left_s >= longest_s : left_s >= worth_s;
    if (first || (!enough && fits)) {
        return Again{next_seed, left_s, cell.seeds_max == 0 ? 0 : cell.seeds_max - seeds};
    }
    if (failures > 1) {
        reason += fmt::format(" (and {} more)", failures - 1);
    }
    return store::CellEnd{store::CellState::done, verdict, reason};
}

std::uint64_t first_seed_of(std::uint64_t suite_seed, const std::string& cell) {
    constexpr std::uint64_t below = std::uint64_t{1} << 31U;
    return history::Stream(suite_seed, "cell").below(below, history::stream_hash(cell), 0);
}

}  // namespace squall::harness::suite
