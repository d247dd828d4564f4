#include <algorithm>
#include <cstdio>
#include <tuple>

#include <nlohmann/json.hpp>

#include "harness/report/page_data.hpp"

namespace squall::harness::report {
namespace {

using Json = nlohmann::ordered_json;

/// When the event of a node's trace happened that a trace check names: "... (n3 life 1 event 77)".
std::optional<std::int64_t> traced_at(const std::string& reason, const Story& story, Time origin) {
    const std::size_t place = reason.rfind("(n");
    unsigned node = 0;
    unsigned long long life = 0;
    unsigned long long sequence = 0;
    if (place == std::string::npos ||
        std::sscanf(
            reason.c_str() + place, "(n%9u life %18llu event %18llu)", &node, &life, &sequence) !=
            3) {
        return std::nullopt;
    }
    const auto record = std::ranges::find_if(story.traces, [&](const auto& trace) {
        return trace.sequence == sequence && trace.incarnation == life && trace.node == node;
    });
    if (record == story.traces.end()) {
        return std::nullopt;
    }
    return record->raw_time_ns - origin.count();
}

}  // namespace

Json page_moment(const checker::Check& check, const Story& story, Time origin) {
    std::int64_t first = INT64_MAX;
    std::int64_t last = INT64_MIN;
    for (const std::uint64_t index : check.evidence) {
        const auto event =
            std::ranges::lower_bound(story.events, index, {}, &history::Event::index);
        if (event != story.events.end() && event->index == index) {
            first = std::min(first, event->time.count());
            last = std::max(last, event->time.count());
        }
    }
    if (first > last && check.detector == "trace") {
        if (const auto at = traced_at(check.reason, story, origin)) {
            first = last = *at;
        }
    }
    return first > last ? Json() : Json({first / 1000, last / 1000});
}

}  // namespace squall::harness::report
