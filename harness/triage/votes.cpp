#include "harness/triage/votes.hpp"

#include <algorithm>
#include <compare>
#include <map>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace squall::harness::triage {
namespace {

using checker::TraceAppend;
using checker::TraceHardState;
using checker::TraceInit;
using checker::TraceRecord;
using checker::TraceRole;
using checker::TraceSnapshot;
using history::NodeId;

/// A log as an election looks at it.
struct LogEnd {
    std::uint64_t term = 0;
    std::uint64_t index = 0;
    friend auto operator<=>(const LogEnd&, const LogEnd&) = default;
};

/// The end of a node's log, record by record.
void follow(LogEnd& end, const TraceRecord& record) {
    if (const auto* init = std::get_if<TraceInit>(&record.body)) {
        end = {init->last_term, init->last_index};
    } else if (const auto* append = std::get_if<TraceAppend>(&record.body)) {
        if (!append->terms.empty()) {
            end = {append->terms.back(), append->first + append->terms.size() - 1};
        }
    } else if (const auto* snapshot = std::get_if<TraceSnapshot>(&record.body)) {
        if (snapshot->installed && snapshot->index > end.index) {
            end = {snapshot->term, snapshot->index};
        }
    }
}

}  // namespace

LogBehind voted_for_behind(std::span<const TraceRecord> records) {
    std::vector<const TraceRecord*> by_time;
    for (const TraceRecord& record : records) {
        by_time.push_back(&record);
    }
    std::ranges::stable_sort(by_time, {}, &TraceRecord::raw_time_ns);
    std::map<NodeId, LogEnd> logs;
    std::map<std::pair<std::uint64_t, NodeId>, LogEnd> candidates;  // By term and node.
    bool in_length = false;
    bool in_term = false;
    for (const TraceRecord* record : by_time) {
        LogEnd& own = logs[record->node];
        follow(own, *record);
        if (const auto* role = std::get_if<TraceRole>(&record->body)) {
            if (role->role == "candidate") {
                candidates[{role->term, record->node}] = own;
            }
        } else if (const auto* state = std::get_if<TraceHardState>(&record->body)) {
            const auto found = candidates.find({state->term, state->vote});
            if (state->vote == record->node || found == candidates.end() || found->second >= own) {
                continue;
            }
            const bool older = found->second.term < own.term;
            const bool shorter = found->second.index < own.index;
            in_length = in_length || !older;
            in_term = in_term || (older && !shorter);
        }
    }
    if (in_length) {
        return LogBehind::in_length;
    }
    return in_term ? LogBehind::in_term : LogBehind::not_one_way;
}

}  // namespace squall::harness::triage
