#include "harness/plan.hpp"

#include "harness/failure.hpp"
#include "history/random.hpp"
#include "nemesis/fault_class.hpp"

namespace squall::harness {

void materialise_faults(Plan& plan) {
    std::vector<const nemesis::FaultClass*> classes;
    for (const std::string& name : plan.fault_classes) {
        const nemesis::FaultClass* fault_class = nemesis::find_fault_class(name);
        if (fault_class == nullptr) {
            throw Failure("unknown fault class '" + name + "'");
        }
        classes.push_back(fault_class);
    }
    nemesis::ScheduleParameters parameters;
    parameters.seed = plan.seed;
    parameters.nodes = plan.nodes;
    parameters.length = plan.time_limit;
    parameters.interval = plan.fault_interval;
    parameters.election_timeout = plan.timing.election_max;
    plan.faults = nemesis::make_schedule(classes, parameters);
}

bool draw_heal_quorum_only(std::uint64_t seed) {
    return history::Stream(seed, "heal").below(3, 0, 0) == 0;
}

}  // namespace squall::harness
