#include "harness/cli/plan_check.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/failure.hpp"
#include "harness/systems/system.hpp"
#include "history/text_input.hpp"
#include "nemesis/fault_class.hpp"
#include "workloads/workload.hpp"

namespace squall::harness::cli {
namespace {

using history::printable;

template <typename Range>
std::string names_of(const Range& entries) {
    std::vector<std::string> names;
    for (const auto* entry : entries) {
        names.emplace_back(entry->name());
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

/// Why a class cannot be injected here; empty when it can.
std::string obstacle(const nemesis::FaultClass& fault,
                     const systems::System& system,
                     Tier tier,
                     std::uint32_t nodes) {
    const bool links = fault.needs() == "links";
    if (links && nodes < 2) {
        return "one node has no links";
    }
    const Capabilities able = system.capabilities();
    if (fault.needs() == "disks") {
        return tier == Tier::simulation
                   ? ""
                   : "disks of real processes cannot be harmed yet; squall sim has such faults";
    }
    const bool clocks = fault.needs() == "clocks" && able.clocks;
    const bool processes = fault.needs() == "processes" && able.processes;
    return (links && able.links) || clocks || processes
               ? ""
               : fmt::format("the system {} does not offer {}", system.name(), fault.needs());
}

}  // namespace

void PlanSource::fail(std::string_view flag,
                      std::string_view field,
                      std::string_view problem) const {
    throw UsageError(file_.empty() ? fmt::format("--{}: {}", flag, problem)
                                   : fmt::format("{}: {}: {}", file_, field, problem));
}

const systems::System& require_system(const PlanSource& source, const std::string& name) {
    const systems::System* system = systems::find_system(name);
    if (system == nullptr) {
        source.fail("system",
                    "system",
                    fmt::format("there is no system \"{}\"; choose from {}",
                                printable(name),
                                names_of(systems::systems())));
    }
    return *system;
}

void require_workload(const PlanSource& source,
                      const systems::System& system,
                      const std::string& name) {
    const auto offered = system.workloads();
    if (std::find(offered.begin(), offered.end(), name) == offered.end()) {
        source.fail("workload",
                    "workload",
                    fmt::format("{} has no workload \"{}\"; choose from {}",
                                system.name(),
                                printable(name),
                                fmt::join(offered, ", ")));
    }
}

void require_bounded_objects(const PlanSource& source, const Plan& plan) {
    const std::uint32_t most = workloads::find_workload(plan.workload)->operations_per_key_max();
    if (plan.operations_per_key > most) {
        source.fail("workload",
                    "operations_per_key",
                    fmt::format("is {}, but objects of workload {} grow with each: at most {}",
                                plan.operations_per_key,
                                plan.workload,
                                most));
    }
}

void require_bug(const PlanSource& source, const systems::System& system, const std::string& bug) {
    std::vector<std::string_view> slugs;
    for (const systems::Bug& known : system.bugs()) {
        slugs.push_back(known.slug);
    }
    if (!bug.empty() && std::find(slugs.begin(), slugs.end(), bug) == slugs.end()) {
        source.fail("bug",
                    "bug",
                    fmt::format("{} has no bug \"{}\"; choose from {}",
                                system.name(),
                                printable(bug),
                                fmt::join(slugs, ", ")));
    }
}

void require_fault_class(const PlanSource& source,
                         const systems::System& system,
                         Tier tier,
                         std::uint32_t nodes,
                         const std::string& name) {
    const nemesis::FaultClass* entry = nemesis::find_fault_class(name);
    if (entry == nullptr) {
        source.fail("faults",
                    "fault_classes",
                    fmt::format("there is no fault \"{}\"; choose from {}",
                                printable(name),
                                names_of(nemesis::fault_classes())));
    }
    const std::string why = obstacle(*entry, system, tier, nodes);
    if (!why.empty()) {
        source.fail("faults", "fault_classes", fmt::format("{} is not possible: {}", name, why));
    }
}

std::vector<std::string> possible_fault_classes(const systems::System& system,
                                                Tier tier,
                                                std::uint32_t nodes) {
    std::vector<std::string> names;
    for (const nemesis::FaultClass* entry : nemesis::fault_classes()) {
        if (obstacle(*entry, system, tier, nodes).empty()) {
            names.emplace_back(entry->name());
        }
    }
    return names;
}

void check_plan(const PlanSource& source, const Plan& plan, Tier tier) {
    const systems::System& system = require_system(source, plan.system);
    require_workload(source, system, plan.workload);
    require_bounded_objects(source, plan);
    if (system.over_sockets() == nullptr && plan.program.empty()) {
        source.fail("bin", "program", "must name the program of a node");
    }
    require_bug(source, system, plan.bug);
    for (const std::string& name : plan.fault_classes) {
        require_fault_class(source, system, tier, plan.nodes, name);
    }
    for (std::size_t i = 0; i < plan.faults.size(); ++i) {
        const nemesis::PlannedFault& fault = plan.faults[i];
        if (!fault.action && nemesis::find_fault_class(fault.name) == nullptr) {
            source.fail("faults",
                        fmt::format("faults[{}].name", i),
                        fmt::format("there is no fault \"{}\"; choose from {}, or give an action",
                                    printable(fault.name),
                                    names_of(nemesis::fault_classes())));
        }
        if (fault.action && tier == Tier::processes &&
            (std::holds_alternative<nemesis::DiskFault>(*fault.action) ||
             std::holds_alternative<nemesis::PowerFault>(*fault.action))) {
            source.fail("faults",
                        fmt::format("faults[{}].action", i),
                        "disks of real processes cannot be harmed yet; use squall sim");
        }
    }
}

}  // namespace squall::harness::cli
