// Did the run deserve its verdict? A storm whose faults did not bite, or in which hardly anything
// succeeded, proves nothing: coverage turns *valid* into *unknown*. It never touches *invalid*.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "checker/check.hpp"
#include "history/event.hpp"

namespace squall::checker {

struct CoverageRequirements {
    std::vector<std::string> fault_classes;  ///< Each must have bitten at least once.
    std::uint64_t ok_operations_min = 100;   ///< Completed ok before the final phase.
};

/// A fault bit when some number in its effect, other than durations of nothing, is positive.
[[nodiscard]] Check coverage_check(std::span<const history::Event> events,
                                   const CoverageRequirements& required);

/// The measured effects of several faults as one: they add up, except that of those whose names end
/// in `_max` the largest counts.
void add_effect(std::map<std::string, std::int64_t>& total,
                const std::string& name,
                std::int64_t amount);

}  // namespace squall::checker
