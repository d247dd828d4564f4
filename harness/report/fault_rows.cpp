#include "harness/report/fault_rows.hpp"

namespace squall::harness::report {

std::vector<FaultRow> fault_rows(std::span<const history::Event> events) {
    std::vector<FaultRow> rows;
    std::map<std::uint64_t, std::size_t> row_of;
    for (const history::Event& event : events) {
        if (!event.fault) {
            continue;
        }
        const history::FaultRecord& fault = *event.fault;
        const auto begun = row_of.find(fault.id);
        if (fault.phase != history::FaultPhase::end) {
            row_of[fault.id] = rows.size();
            rows.push_back({.id = fault.id,
                            .name = fault.name,
                            .detail = fault.detail,
                            .targets = fault.targets,
                            .skipped = fault.phase == history::FaultPhase::skipped,
                            .begin = event.time,
                            .end = std::nullopt,
                            .effect = {}});
        } else if (begun != row_of.end()) {
            rows[begun->second].end = event.time;
            rows[begun->second].effect = fault.effect;
        }
    }
    return rows;
}

}  // namespace squall::harness::report
