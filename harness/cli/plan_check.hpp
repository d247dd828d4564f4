// Whether a plan can be run: known names, faults that the system can take, limits that do not
// contradict each other. The same for flags and files; only what messages call a field differs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/plan.hpp"

namespace squall::harness::systems {
class System;
}

namespace squall::harness::cli {

/// Names a field of the plan in a message: "--faults" or "plan.json: fault_classes".
class PlanSource {
  public:
    /// `file` empty: the plan comes from flags.
    explicit PlanSource(std::string file = "") : file_(std::move(file)) {}

    /// Throws UsageError.
    [[noreturn]] void fail(std::string_view flag,
                           std::string_view field,
                           std::string_view problem) const;

  private:
    std::string file_;
};

/// Throws UsageError with the names that there are.
[[nodiscard]] const systems::System& require_system(const PlanSource& source,
                                                    const std::string& name);
void require_workload(const PlanSource& source,
                      const systems::System& system,
                      const std::string& name);
void require_bug(const PlanSource& source, const systems::System& system, const std::string& bug);

/// What a command runs nodes as.
enum class Tier : std::uint8_t { processes, simulation };

/// Throws UsageError on a class that is unknown or that this cluster cannot suffer.
void require_fault_class(const PlanSource& source,
                         const systems::System& system,
                         Tier tier,
                         std::uint32_t nodes,
                         const std::string& name);

/// All classes that this cluster can suffer.
[[nodiscard]] std::vector<std::string> possible_fault_classes(const systems::System& system,
                                                              Tier tier,
                                                              std::uint32_t nodes);

/// All of it, for a plan that was read.
void check_plan(const PlanSource& source, const Plan& plan, Tier tier);

}  // namespace squall::harness::cli
