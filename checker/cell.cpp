#include "checker/cell.hpp"

#include <fmt/format.h>

namespace squall::checker {

using history::Operation;
using history::Outcome;
using history::Value;

namespace {

bool did_not_apply(const Operation& operation) {
    return operation.outcome == Outcome::ok && !operation.applied.value_or(true);
}

/// Nothing: any result is possible.
const Value* result_of(const Operation& operation) {
    return operation.outcome == Outcome::ok && !operation.any_result ? &operation.result : nullptr;
}

const Value& expected(const Operation& cas) {
    return cas.argument.as_list()->front();
}

const Value& replacement(const Operation& cas) {
    return cas.argument.as_list()->back();
}

std::optional<Value> unchanged_if(bool fits, const Value& state) {
    return fits ? std::optional{state} : std::nullopt;
}

}  // namespace

std::optional<Value> apply_to_cell(CellFunction function,
                                   const Value& state,
                                   const Operation& operation) {
    const Value* result = result_of(operation);
    switch (function) {
        case CellFunction::read:
            return unchanged_if(result == nullptr || state == *result, state);
        case CellFunction::write:
            return operation.argument;
        case CellFunction::cas:
            if (did_not_apply(operation)) {
                // One that found what it expected would have applied.
                return unchanged_if(
                    state != expected(operation) && (result == nullptr || state == *result), state);
            }
            return state == expected(operation) ? std::optional{replacement(operation)}
                                                : std::nullopt;
        case CellFunction::remove:
            break;
    }
    const bool told = operation.outcome == Outcome::ok && operation.applied.has_value();
    return !told || *operation.applied == !state.is_null() ? std::optional{Value{}} : std::nullopt;
}

std::optional<Effect> effect_on_cell(CellFunction function, const Operation& operation) {
    const Value* result = result_of(operation);
    const bool failed = did_not_apply(operation);
    switch (function) {
        case CellFunction::read:
            return result != nullptr ? Effect{*result, std::nullopt} : Effect{};
        case CellFunction::write:
            return Effect{std::nullopt, operation.argument};
        case CellFunction::cas:
            if (!failed) {
                return Effect{expected(operation), replacement(operation)};
            }
            return result != nullptr ? std::optional(Effect{*result, std::nullopt}) : std::nullopt;
        case CellFunction::remove:
            break;
    }
    if (failed) {
        return Effect{Value{}, std::nullopt};
    }
    const bool told = operation.outcome == Outcome::ok && operation.applied.has_value();
    return told ? std::nullopt : std::optional(Effect{std::nullopt, Value{}});
}

bool is_cell_read(CellFunction function, const Operation& operation) {
    return function == CellFunction::read ||
           (function != CellFunction::write && did_not_apply(operation));
}

std::optional<std::string> reject_on_cell(CellFunction function, const Operation& operation) {
    if (function == CellFunction::write && operation.argument.is_null()) {
        return "a write of nothing";
    }
    if (function != CellFunction::cas) {
        return std::nullopt;
    }
    const auto* arguments = operation.argument.as_list();
    if (arguments == nullptr || arguments->size() != 2) {
        return fmt::format("the argument of a cas is {}, not [expected, new]",
                           to_text(operation.argument));
    }
    if (arguments->back().is_null()) {
        return "a cas to nothing";
    }
    if (operation.outcome == Outcome::ok && !operation.applied) {
        return "a cas that does not say whether it applied";
    }
    return std::nullopt;
}

}  // namespace squall::checker
