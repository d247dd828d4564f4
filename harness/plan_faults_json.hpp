// The planned faults of a plan: their form in plan.json. Durations are milliseconds, absent fields
// keep their defaults.
#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "nemesis/fault.hpp"

namespace squall::harness {

[[nodiscard]] nlohmann::ordered_json fault_to_json(const nemesis::PlannedFault& fault);

/// Strict. `path` is how messages call it: "faults[3]"; `nodes` is the size of the cluster. Throws
/// Failure with `file: field: problem`.
[[nodiscard]] nemesis::PlannedFault fault_from_json(const nlohmann::ordered_json& json,
                                                    const std::string& file,
                                                    const std::string& path,
                                                    std::uint32_t nodes);

}  // namespace squall::harness
