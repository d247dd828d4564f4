#include "checker/counter_model.hpp"

#include <fmt/format.h>

namespace squall::checker {

using history::Operation;
using history::Outcome;
using history::Value;

namespace {

Value number_or_zero(const Value& value) {
    return value.is_null() ? Value{0} : value;
}

bool fits(const std::int64_t* increment) {
    return increment != nullptr && *increment >= -counter_increment_max &&
           *increment <= counter_increment_max;
}

}  // namespace

std::optional<Value> CounterModel::apply(const Value& state, const Operation& operation) const {
    if (operation.function == "add") {
        const Value before = number_or_zero(state);
        std::int64_t sum = 0;
        const bool counts =
            before.as_int() != nullptr &&
            !__builtin_add_overflow(*before.as_int(), *operation.argument.as_int(), &sum);
        return counts ? std::optional<Value>{sum} : std::nullopt;
    }
    const bool matches = operation.outcome != Outcome::ok || operation.any_result ||
                         number_or_zero(operation.result) == number_or_zero(state);
    return matches ? std::optional{state} : std::nullopt;
}

bool CounterModel::is_read(const Operation& operation) const {
    return operation.function == "read";
}

std::optional<std::string> CounterModel::reject(const Operation& operation) const {
    if (operation.function == "add") {
        return fits(operation.argument.as_int())
                   ? std::nullopt
                   : std::optional(fmt::format("the argument of an add is {}, not an integer of at "
                                               "most 2^31",
                                               to_text(operation.argument)));
    }
    return operation.function == "read"
               ? std::nullopt
               : std::optional(
                     fmt::format("function \"{}\" is none of add, read", operation.function));
}

}  // namespace squall::checker
