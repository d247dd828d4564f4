#include <algorithm>

#include <fmt/format.h>

#include "harness/report/happenings.hpp"
#include "harness/report/trace_teller.hpp"

namespace squall::harness::report {

std::vector<Happening> trace_happenings(const Material& material,
                                        const ClusterPast& past,
                                        Time origin,
                                        const Concern& concern) {
    std::vector<const checker::TraceRecord*> records;
    records.reserve(material.traces.size());
    for (const checker::TraceRecord& record : material.traces) {
        records.push_back(&record);
    }
    // Stable: of one node's records of one moment the order is known.
    std::ranges::stable_sort(records, {}, &checker::TraceRecord::raw_time_ns);
    const bool exact = !material.messages.empty() && material.messages.size() < messages_max;
    TraceTeller teller(past, origin, concern, exact);
    for (const checker::TraceRecord* record : records) {
        teller.tell(*record);
    }
    return teller.take();
}

std::string node_list(const std::set<NodeId>& nodes) {
    std::string text;
    std::size_t left = nodes.size();
    for (const NodeId node : nodes) {
        text += fmt::format("n{}", node);
        --left;
        text += left > 1 ? ", " : left == 1 ? " and " : "";
    }
    return text;
}

std::string entries(std::uint64_t first, std::uint64_t last) {
    return first >= last ? fmt::format("entry {}", last)
                         : fmt::format("entries {} to {}", first, last);
}

}  // namespace squall::harness::report
