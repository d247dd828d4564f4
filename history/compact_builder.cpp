#include "history/compact_builder.hpp"

#include <utility>

namespace squall::history {

CompactArgument CompactBuilder::argument(std::string_view function, const Value& value) {
    const auto* list = value.as_list();
    if (list != nullptr && list->size() == 2 && is_cas(function)) {
        const ValueId first = history_.values.intern((*list)[0]);
        return {first, history_.values.intern((*list)[1]), true};
    }
    return {history_.values.intern(value), null_value, false};
}

std::optional<std::string> CompactBuilder::invoke(EventIndex index,
                                                  const CompactInvocation& event) {
    const std::uint32_t function = history_.functions.intern(event.function);
    if (function > std::numeric_limits<FunctionId>::max()) {
        return "more than 256 functions";
    }
    if (auto problem = open_.begin(event.client, history_.operations.size())) {
        return problem;
    }
    CompactOperation& added = history_.operations.emplace_back();
    added.invoked = index;
    added.key = history_.keys.intern(event.key);
    added.function = static_cast<FunctionId>(function);
    added.argument = event.argument.first;
    added.second = event.argument.second;
    added.pair = event.argument.pair;
    added.final_read = event.final_read;
    history_.clients.push_back(event.client);
    history_.nodes.push_back(event.node);
    return std::nullopt;
}

std::optional<std::string> CompactBuilder::complete(EventIndex index,
                                                    const CompactCompletion& event) {
    const std::optional<std::size_t> found = open_.find(event.client);
    if (!found) {
        return OpenOperations::not_begun(event.client);
    }
    CompactOperation& operation = history_.operations[*found];
    const OperationNames began{history_.functions.at(operation.function),
                               history_.keys.at(operation.key)};
    if (auto problem = open_.end(event.client, began, {event.function, event.key}, event.outcome)) {
        return problem;
    }
    operation.outcome = event.outcome;
    if (event.outcome == Outcome::ok) {
        operation.result = event.result;
        operation.any_result = event.any_result;
        operation.applied = event.applied;
    }
    if (event.outcome != Outcome::info) {
        operation.completed = index;
    }
    if (event.node != 0) {
        history_.nodes[*found] = event.node;
    }
    if (event.position) {
        if (history_.positions.size() <= *found) {
            history_.positions.resize(history_.operations.size());
        }
        history_.positions[*found] = *event.position;
    }
    return std::nullopt;
}

const CompactOperation* CompactBuilder::open(ClientId client) const {
    const std::optional<std::size_t> found = open_.find(client);
    return found ? &history_.operations[*found] : nullptr;
}

}  // namespace squall::history
