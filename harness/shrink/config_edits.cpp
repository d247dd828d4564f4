#include "harness/shrink/config_edits.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace squall::harness::shrink {
namespace {

/// No run that is worth reading has so many entries: its nodes take no snapshots.
constexpr std::uint64_t no_snapshots = 1'000'000;
constexpr std::array<std::uint64_t, 7> snapshot_intervals{1, 2, 3, 4, 6, 8, 16};
constexpr std::uint64_t segment_bytes_min = 4096;

/// The plan as `change` leaves it; nothing when that is as before.
template <typename Change>
Edit edit(Change change) {
    return [change](const Plan& plan) -> std::optional<Plan> {
        Plan changed = plan;
        change(changed);
        const bool same = changed.snapshot_interval == plan.snapshot_interval &&
                          changed.limits == plan.limits &&
                          changed.heal_quorum_only == plan.heal_quorum_only;
        return same ? std::nullopt : std::optional<Plan>(std::move(changed));
    };
}

template <typename Value>
Edit limit(Value NodeLimits::*which, Value value) {
    return edit([=](Plan& plan) {
        if (plan.limits) {
            (*plan.limits).*which = value;
        }
    });
}

/// Where the value is not the usual one, which was tried before.
template <typename Value>
Edit least(Value NodeLimits::*which, Value value) {
    return edit([=](Plan& plan) {
        if (plan.limits && (*plan.limits).*which != NodeLimits{}.*which) {
            (*plan.limits).*which = value;
        }
    });
}

}  // namespace

std::vector<Edit> usual_configuration() {
    constexpr NodeLimits usual;
    return {edit([](Plan& plan) { plan.heal_quorum_only = false; }),
            edit([](Plan& plan) { plan.limits.reset(); }),
            limit(&NodeLimits::segment_bytes, usual.segment_bytes),
            limit(&NodeLimits::max_inflight, usual.max_inflight),
            limit(&NodeLimits::max_append_bytes, usual.max_append_bytes),
            limit(&NodeLimits::snapshot_chunk_bytes, usual.snapshot_chunk_bytes),
            edit([](Plan& plan) { plan.snapshot_interval = no_snapshots; })};
}

std::vector<Edit> less_room() {
    std::vector<Edit> edits{least(&NodeLimits::segment_bytes, segment_bytes_min),
                            least(&NodeLimits::max_inflight, std::uint32_t{1}),
                            least(&NodeLimits::max_append_bytes, std::uint32_t{1})};
    for (const std::uint64_t interval : snapshot_intervals) {
        edits.push_back(edit([interval](Plan& plan) {
            if (plan.snapshot_interval != no_snapshots) {
                plan.snapshot_interval = std::min(plan.snapshot_interval, interval);
            }
        }));
    }
    return edits;
}

}  // namespace squall::harness::shrink
