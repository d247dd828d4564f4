// `squall sim` as a function of a plan, and a property over plans that RapidCheck tries out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/results.hpp"
#include "tests/harness/properties/any_plan.hpp"

namespace squall::harness::properties {

/// Simulates the plan and asks every detector, exactly as `squall sim` does.
[[nodiscard]] Results simulated(const Plan& plan);

/// Invalid or void: what must never be.
[[nodiscard]] bool failed(const Results& results);

struct Checked {
    bool passed = false;
    int cases = 0;               ///< That passed.
    int runs = 0;                ///< All, shrinking included.
    std::uint64_t ok = 0;        ///< Operations, over all cases.
    std::uint64_t injected = 0;  ///< Faults, over all cases.
    std::optional<Plan> first;   ///< The plan that failed...
    std::optional<Plan> shrunk;  ///< ...and what shrinking left of it.
    std::string report;          ///< RapidCheck's, with the seed and how to run it again.
};

/// Draws plans until one fails, then shrinks it and writes what is left to `file`, for
/// `squall sim --plan`. Cases: SQUALL_PROPERTY_CASES if set, else `cases`. The seed is `seed`;
/// without one RC_PARAMS, or a fresh one that the report names, and `reproduce=` of RC_PARAMS runs
/// a shrunk case again. `name` is the name that RC_PARAMS knows it by.
[[nodiscard]] Checked check_plans(const rc::Gen<Plan>& plans,
                                  const std::string& name,
                                  int cases,
                                  const std::string& file,
                                  std::optional<std::uint64_t> seed = std::nullopt);

}  // namespace squall::harness::properties
