#include <algorithm>
#include <optional>

#include <nlohmann/json.hpp>

#include "harness/report/page_data.hpp"

namespace squall::harness::report {
namespace {

using Json = nlohmann::ordered_json;

/// When the event of a node's trace happened that a trace check names.
std::optional<std::int64_t> traced_at(const std::string& reason,
                                      const Material& material,
                                      Time origin) {
    const std::optional<TracePlace> place = place_named(reason);
    const auto record = std::ranges::find_if(material.traces, [&](const auto& trace) {
        return place && trace.sequence == place->sequence &&
               trace.incarnation == place->incarnation && trace.node == place->node;
    });
    if (record == material.traces.end()) {
        return std::nullopt;
    }
    return record->raw_time_ns - origin.count();
}

}  // namespace

Json page_moment(const checker::Check& check, const Material& material, Time origin) {
    std::int64_t first = INT64_MAX;
    std::int64_t last = INT64_MIN;
    for (const std::uint64_t index : check.evidence) {
        const auto event =
            std::ranges::lower_bound(material.events, index, {}, &history::Event::index);
        if (event != material.events.end() && event->index == index) {
            first = std::min(first, event->time.count());
            last = std::max(last, event->time.count());
        }
    }
    if (first > last && check.detector == "trace") {
        if (const auto at = traced_at(check.reason, material, origin)) {
            first = last = *at;
        }
    }
    return first > last ? Json() : Json({first / 1000, last / 1000});
}

}  // namespace squall::harness::report
