#include "checker/growing.hpp"

#include <algorithm>

namespace squall::checker {

using history::CompactOperation;
using history::EventIndex;
using history::OperationId;
using history::Outcome;

std::optional<Standing> standing_at(const history::CompactHistory& history,
                                    OperationId id,
                                    EventIndex cut) {
    const CompactOperation& operation = history.operations[id];
    if (operation.outcome == Outcome::fail || operation.invoked > cut) {
        return std::nullopt;
    }
    const bool certain = operation.outcome == Outcome::ok && operation.completed <= cut;
    return Standing{
        id, operation.invoked, certain ? operation.completed : history::never_completed};
}

EngineResult not_applicable(const char* why) {
    EngineResult result;
    result.reason = why;
    return result;
}

std::vector<OperationId> with_free_ones(const std::vector<Standing>& order,
                                        std::vector<Standing> anywhere) {
    std::sort(anywhere.begin(), anywhere.end(), [](const Standing& a, const Standing& b) {
        return a.completed < b.completed;
    });
    std::vector<OperationId> merged;
    merged.reserve(order.size() + anywhere.size());
    auto next = anywhere.begin();
    for (const Standing& operation : order) {
        for (; next != anywhere.end() && next->completed < operation.invoked; ++next) {
            merged.push_back(next->id);
        }
        merged.push_back(operation.id);
    }
    for (; next != anywhere.end(); ++next) {
        merged.push_back(next->id);
    }
    return merged;
}

}  // namespace squall::checker
