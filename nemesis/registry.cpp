// Every fault class, in the order in which `squall list` shows them.
#include <algorithm>
#include <array>

#include "nemesis/fault_class.hpp"

namespace squall::nemesis {

const FaultClass& clock_class();
const FaultClass& disk_class();
const FaultClass& kill_class();
const FaultClass& packet_class();
const FaultClass& partition_class();
const FaultClass& pause_class();
const FaultClass& ramp_class();

std::span<const FaultClass* const> fault_classes() {
    static const std::array classes{
        &partition_class(),
        &kill_class(),
        &pause_class(),
        &packet_class(),
        &ramp_class(),
        &clock_class(),
        &disk_class(),
    };
    return classes;
}

const FaultClass* find_fault_class(std::string_view name) {
    const auto classes = fault_classes();
    const auto found = std::find_if(classes.begin(), classes.end(), [name](const auto* candidate) {
        return candidate->name() == name;
    });
    return found == classes.end() ? nullptr : *found;
}

std::vector<PlannedFault> make_schedule(std::span<const FaultClass* const> classes,
                                        const ScheduleParameters& parameters) {
    std::vector<PlannedFault> merged;
    for (const FaultClass* fault_class : classes) {
        const std::vector<PlannedFault> own = fault_class->schedule(parameters);
        merged.insert(merged.end(), own.begin(), own.end());
    }
    std::stable_sort(
        merged.begin(), merged.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    FaultId id = parameters.first_id;
    for (PlannedFault& planned : merged) {
        planned.id = id++;
    }
    return merged;
}

}  // namespace squall::nemesis
