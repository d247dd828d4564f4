#include "checker/set_model.hpp"

#include <algorithm>

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

std::optional<Value> SetModel::apply(const Value& state, const Operation& operation) const {
    if (operation.function == "add") {
        const Value set = list_or_empty(state);
        if (set.as_list() == nullptr) {
            return std::nullopt;
        }
        Value::List larger = *set.as_list();
        const auto place = std::lower_bound(larger.begin(), larger.end(), operation.argument);
        if (place == larger.end() || *place != operation.argument) {
            larger.insert(place, operation.argument);
        }
        return larger;
    }
    const bool fits = operation.outcome != Outcome::ok || operation.any_result ||
                      list_or_empty(operation.result) == list_or_empty(state);
    return fits ? std::optional{state} : std::nullopt;
}

bool SetModel::is_read(const Operation& operation) const {
    return operation.function == "read";
}

std::optional<std::string> SetModel::reject(const Operation& operation) const {
    if (operation.function == "add") {
        return operation.argument.is_null() ? std::optional<std::string>{"an add of nothing"}
                                            : std::nullopt;
    }
    return operation.function == "read"
               ? std::nullopt
               : std::optional(
                     fmt::format("function \"{}\" is none of add, read", operation.function));
}

}  // namespace squall::checker
