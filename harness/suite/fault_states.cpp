#include "harness/suite/fault_states.hpp"

namespace squall::harness::suite {

Coverage fault_states(std::span<const history::Event> events) {
    Coverage covered;
    for (const history::Event& event : events) {
        if (!event.fault || event.fault->phase != history::FaultPhase::begin) {
            continue;
        }
        for (const history::FaultTarget& target : event.fault->targets) {
            ++covered[{event.fault->name, target.role.empty() ? "unknown" : target.role}];
        }
        if (event.fault->targets.empty()) {
            ++covered[{event.fault->name, "links"}];
        }
    }
    return covered;
}

}  // namespace squall::harness::suite
