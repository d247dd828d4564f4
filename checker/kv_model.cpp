#include "checker/kv_model.hpp"

#include <fmt/format.h>

#include "checker/cell.hpp"

namespace squall::checker {

using history::Operation;
using history::Value;

namespace {

/// Takes what is unknown for a get: `reject` has refused it.
CellFunction function_of(const Operation& operation) {
    if (operation.function == "put") {
        return CellFunction::write;
    }
    if (operation.function == "cas") {
        return CellFunction::cas;
    }
    return operation.function == "delete" ? CellFunction::remove : CellFunction::read;
}

bool appends(const Operation& operation) {
    return operation.function == "append";
}

bool is_text(const Value& value) {
    return value.as_string() != nullptr;
}

}  // namespace

std::optional<Value> KvModel::apply(const Value& state, const Operation& operation) const {
    if (!appends(operation)) {
        return apply_to_cell(function_of(operation), state, operation);
    }
    if (state.is_null()) {
        return operation.argument;
    }
    const std::string* text = state.as_string();
    return text != nullptr ? std::optional<Value>(*text + *operation.argument.as_string())
                           : std::nullopt;
}

std::optional<Effect> KvModel::effect(const Operation& operation) const {
    return appends(operation) ? std::nullopt : effect_on_cell(function_of(operation), operation);
}

bool KvModel::is_read(const Operation& operation) const {
    return !appends(operation) && is_cell_read(function_of(operation), operation);
}

std::optional<std::string> KvModel::reject(const Operation& operation) const {
    const CellFunction function = function_of(operation);
    const bool append = appends(operation);
    if (function == CellFunction::read && operation.function != "get" && !append) {
        return fmt::format("function \"{}\" is none of get, put, append, delete, cas",
                           operation.function);
    }
    if ((append || function == CellFunction::write) && !is_text(operation.argument)) {
        return fmt::format("the argument of {} {} is {}, not a text",
                           append ? "an" : "a",
                           operation.function,
                           to_text(operation.argument));
    }
    if (auto problem = reject_on_cell(function, operation)) {
        return problem;
    }
    if (function == CellFunction::cas && !is_text(operation.argument.as_list()->back())) {
        return fmt::format("a cas to {}, which is not a text",
                           to_text(operation.argument.as_list()->back()));
    }
    return std::nullopt;
}

}  // namespace squall::checker
