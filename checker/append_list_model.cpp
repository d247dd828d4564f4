#include "checker/append_list_model.hpp"

#include <fmt/format.h>

namespace squall::checker {

using history::Operation;
using history::Outcome;
using history::Value;

namespace {

Value list_or_empty(const Value& value) {
    return value.is_null() ? Value::List{} : value;
}

}  // namespace

std::optional<Value> AppendListModel::apply(const Value& state, const Operation& operation) const {
    if (operation.function == "append") {
        const Value list = list_or_empty(state);
        if (list.as_list() == nullptr) {
            return std::nullopt;
        }
        Value::List longer = *list.as_list();
        longer.push_back(operation.argument);
        return longer;
    }
    const bool fits = operation.outcome != Outcome::ok || operation.any_result ||
                      list_or_empty(operation.result) == list_or_empty(state);
    return fits ? std::optional{state} : std::nullopt;
}

bool AppendListModel::is_read(const Operation& operation) const {
    return operation.function == "read";
}

std::optional<std::string> AppendListModel::reject(const Operation& operation) const {
    if (operation.function == "append") {
        return operation.argument.is_null() ? std::optional<std::string>{"an append of nothing"}
                                            : std::nullopt;
    }
    return operation.function == "read"
               ? std::nullopt
               : std::optional(
                     fmt::format("function \"{}\" is none of append, read", operation.function));
}

}  // namespace squall::checker
