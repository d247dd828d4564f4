#include "harness/triage/withheld.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "harness/triage/reigns.hpp"

namespace squall::harness::triage {
namespace {

using checker::TraceRecord;
using history::NodeId;
using history::Time;

bool brings_entries(const NodeMessage& message) {
    return message.name == "append_request" || message.name == "snapshot_chunk";
}

/// The last index in the node's log, and that of its snapshot.
struct Extent {
    std::uint64_t last = 0;
    std::uint64_t snapshot = 0;
};

Extent extent_at(std::span<const TraceRecord> records, NodeId node, Time at) {
    Extent extent;
    for (const TraceRecord& record : records) {
        if (record.node != node || record.raw_time_ns > at.count()) {
            continue;
        }
        if (const auto* init = std::get_if<checker::TraceInit>(&record.body)) {
            extent = {init->last_index, init->snapshot_index};
        } else if (const auto* append = std::get_if<checker::TraceAppend>(&record.body)) {
            extent.last = append->first + append->terms.size() - 1;
        } else if (const auto* snapshot = std::get_if<checker::TraceSnapshot>(&record.body)) {
            extent = {std::max(extent.last, snapshot->index), snapshot->index};
        }
    }
    return extent;
}

/// What a leader owes one node.
struct Owed {
    std::optional<Time> told_since;  ///< The node answers heartbeats from then on.
    bool anything = false;
};

/// What happened at the leader, in the order of time: it appended, sent, or was answered.
struct Step {
    Time at{};
    const NodeMessage* message = nullptr;  ///< None: it appended.
};

std::vector<Step> steps_of(const Reign& reign,
                           std::span<const TraceRecord> records,
                           std::span<const NodeMessage> messages) {
    std::vector<Step> steps;
    for (const TraceRecord& record : records) {
        if (record.node == reign.node &&
            std::holds_alternative<checker::TraceAppend>(record.body)) {
            steps.push_back({Time(record.raw_time_ns)});
        }
    }
    for (const NodeMessage& message : messages) {
        if (message.from == reign.node && message.to != 0 && brings_entries(message)) {
            steps.push_back({message.sent, &message});
        } else if (message.to == reign.node && message.name == "heartbeat_reply" &&
                   message.fate == Fate::arrived) {
            steps.push_back({message.received, &message});
        }
    }
    std::erase_if(steps,
                  [&](const Step& step) { return step.at < reign.begin || step.at >= reign.end; });
    // What was appended at a time is sent at the same one.
    std::ranges::stable_sort(steps, {}, &Step::at);
    return steps;
}

bool withheld_in(const Reign& reign,
                 std::span<const TraceRecord> records,
                 std::span<const NodeMessage> messages,
                 Time patience) {
    std::map<NodeId, Owed> owed;
    for (const NodeMessage& message : messages) {
        if (message.from == reign.node && message.to != 0) {
            owed.try_emplace(message.to);
        }
    }
    for (const Step& step : steps_of(reign, records, messages)) {
        if (step.message == nullptr) {
            for (auto& [node, own] : owed) {
                own.anything = true;
            }
            continue;
        }
        if (step.message->from == reign.node) {
            owed[step.message->to] = {};
            continue;
        }
        const NodeId node = step.message->from;
        Owed& own = owed[node];
        if (!own.anything) {
            continue;
        }
        own.told_since = own.told_since.value_or(step.at);
        if (step.at - own.told_since.value_or(step.at) <= patience) {
            continue;
        }
        const Extent has = extent_at(records, node, step.at);
        const Extent leader = extent_at(records, reign.node, step.at);
        if (has.last < leader.last && has.last >= leader.snapshot) {
            return true;
        }
        own = {};
    }
    return false;
}

}  // namespace

bool withheld_entries(std::span<const TraceRecord> records,
                      std::span<const NodeMessage> messages,
                      Time patience) {
    return std::ranges::any_of(reigns_of(records), [&](const Reign& reign) {
        return withheld_in(reign, records, messages, patience);
    });
}

}  // namespace squall::harness::triage
