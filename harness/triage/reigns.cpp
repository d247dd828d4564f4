#include "harness/triage/reigns.hpp"

#include <variant>

namespace squall::harness::triage {

std::vector<Reign> reigns_of(std::span<const checker::TraceRecord> records) {
    std::vector<Reign> reigns;
    bool open = false;
    history::NodeId node = 0;
    for (const checker::TraceRecord& record : records) {
        const history::Time at{record.raw_time_ns};
        const auto* role = std::get_if<checker::TraceRole>(&record.body);
        const bool begins = std::holds_alternative<checker::TraceInit>(record.body);
        if (open && (record.node != node || begins || role != nullptr)) {
            if (record.node == node) {
                reigns.back().end = at;
            }
            open = false;
        }
        node = record.node;
        if (role != nullptr && role->role == "leader") {
            reigns.push_back({.node = node, .begin = at});
            open = true;
        }
    }
    return reigns;
}

}  // namespace squall::harness::triage
