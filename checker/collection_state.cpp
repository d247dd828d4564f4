#include "checker/collection_state.hpp"

#include <fmt/format.h>

namespace squall::checker {

using history::Operation;
using history::Outcome;
using history::Value;

Value list_or_empty(const Value& value) {
    return value.is_null() ? Value::List{} : value;
}

std::optional<Value> apply_whole_read(const Value& state, const Operation& operation) {
    const bool fits = operation.outcome != Outcome::ok || operation.any_result ||
                      list_or_empty(operation.result) == list_or_empty(state);
    return fits ? std::optional{state} : std::nullopt;
}

std::optional<std::string> reject_all_but(std::string_view grows,
                                          std::string_view other,
                                          const Operation& operation) {
    if (operation.function == grows) {
        return operation.argument.is_null() ? std::optional(fmt::format("{} of nothing", grows))
                                            : std::nullopt;
    }
    return operation.function == other
               ? std::nullopt
               : std::optional(fmt::format(
                     "function \"{}\" is none of {}, {}", operation.function, grows, other));
}

}  // namespace squall::checker
