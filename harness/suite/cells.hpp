// The cells of a suite: every combination that its matrices ask for and a cluster can suffer. Pure;
// the same file gives the same cells in the same order.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/plan.hpp"
#include "harness/suite/suite_file.hpp"

namespace squall::harness::suite {

struct Cell {
    /// tier/system/workload/profile/nN/configuration, or sim/swarm.
    std::string name;
    SuiteTier tier = SuiteTier::sim;
    bool swarm = false;
    Plan like;         ///< What each run is like; seed and faults are drawn for each.
    std::string heal;  ///< all, quorum, drawn.
    double weight = 1;
    double run_s = 1;             ///< How long one run takes, about: of a simulated one, nothing.
    std::uint64_t seeds_max = 0;  ///< 0: as many as fit.
};

/// A combination that cannot be, or that was not wanted.
struct LeftOut {
    std::string name;
    std::string reason;
};

struct Expansion {
    std::vector<Cell> cells;
    std::vector<LeftOut> left_out;
};

/// `*` is any text, slashes too; `?` any character.
[[nodiscard]] bool matches(const std::string& pattern, const std::string& text);

/// Throws UsageError naming `file_name` when there are no cells, too many, or one twice.
[[nodiscard]] Expansion expand(const SuiteFile& file,
                               const std::string& file_name,
                               const Vocabulary& vocabulary);

}  // namespace squall::harness::suite
