#include "checker/queue_model.hpp"

#include "checker/collection_state.hpp"

namespace squall::checker {

using history::Operation;
using history::Outcome;
using history::Value;

std::optional<Value> QueueModel::apply(const Value& state, const Operation& operation) const {
    Value::List items = state.as_list() != nullptr ? *state.as_list() : Value::List{};
    if (operation.function == "enqueue") {
        items.push_back(operation.argument);
        return items;
    }
    const Value first = items.empty() ? Value{} : items.front();
    const bool known = operation.outcome == Outcome::ok && !operation.any_result;
    if (known && operation.result != first) {
        return std::nullopt;
    }
    if (!items.empty()) {
        items.erase(items.begin());
    }
    return items;
}

bool QueueModel::is_read(const Operation& operation) const {
    return operation.function == "dequeue" && operation.outcome == Outcome::ok &&
           !operation.any_result && operation.result.is_null();
}

std::optional<std::string> QueueModel::reject(const Operation& operation) const {
    return reject_all_but("enqueue", "dequeue", operation);
}

}  // namespace squall::checker
