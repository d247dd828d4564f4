// One operation for tests of models, without a place in time.
#pragma once

#include <string>
#include <utility>

#include "history/operation.hpp"

namespace squall::checker::testing {

using history::Value;

inline Value text(const char* characters) {
    return std::string(characters);
}

inline Value list(Value::List elements) {
    return elements;
}

inline history::Operation open(std::string function, Value argument = {}) {
    history::Operation operation;
    operation.function = std::move(function);
    operation.argument = std::move(argument);
    return operation;
}

inline history::Operation done(std::string function, Value argument = {}, Value result = {}) {
    history::Operation operation = open(std::move(function), std::move(argument));
    operation.outcome = history::Outcome::ok;
    operation.result = std::move(result);
    return operation;
}

/// It says whether it applied.
inline history::Operation told(history::Operation operation, bool applied) {
    operation.applied = applied;
    return operation;
}

/// Its result was not recorded.
inline history::Operation unrecorded(history::Operation operation) {
    operation.any_result = true;
    operation.result = {};
    return operation;
}

}  // namespace squall::checker::testing
