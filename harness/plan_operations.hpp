// The listed operations of a plan: their form in plan.json, and the generator that stands in for
// the workload's when a plan lists what its clients do.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/plan.hpp"
#include "workloads/workload.hpp"

namespace squall::harness {

/// A JSON array, an object for each.
[[nodiscard]] nlohmann::ordered_json operations_to_json(
    const std::vector<PlannedOperation>& operations);

/// Strict, like all of the plan, whose size must have been read before. Throws Failure.
[[nodiscard]] std::vector<PlannedOperation> operations_from_json(const nlohmann::ordered_json& json,
                                                                 const std::string& file,
                                                                 const Plan& plan);

/// The n-th operation of a slot is its n-th in the list; in the end every key of the list is read.
/// Only for plans that list operations; the plan lives longer.
[[nodiscard]] std::unique_ptr<workloads::Generator> listed_generator(const Plan& plan);

}  // namespace squall::harness
