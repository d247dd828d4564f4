#include "checker/register_model.hpp"

#include <fmt/format.h>

#include "checker/cell.hpp"

namespace squall::checker {

using history::Operation;
using history::Value;

namespace {

/// Takes what is unknown for a read: `reject` has refused it.
CellFunction function_of(const Operation& operation) {
    if (operation.function == "write") {
        return CellFunction::write;
    }
    if (operation.function == "cas") {
        return CellFunction::cas;
    }
    return operation.function == "delete" ? CellFunction::remove : CellFunction::read;
}

}  // namespace

std::optional<Value> RegisterModel::apply(const Value& state, const Operation& operation) const {
    return apply_to_cell(function_of(operation), state, operation);
}

std::optional<Effect> RegisterModel::effect(const Operation& operation) const {
    return effect_on_cell(function_of(operation), operation);
}

bool RegisterModel::is_read(const Operation& operation) const {
    return is_cell_read(function_of(operation), operation);
}

std::optional<std::string> RegisterModel::reject(const Operation& operation) const {
    const CellFunction function = function_of(operation);
    if (function == CellFunction::read && operation.function != "read") {
        return fmt::format("function \"{}\" is none of read, write, cas, delete",
                           operation.function);
    }
    return reject_on_cell(function, operation);
}

}  // namespace squall::checker
