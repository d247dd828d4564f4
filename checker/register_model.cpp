#include "checker/register_model.hpp"

#include <fmt/format.h>

namespace squall::checker {

using history::Operation;
using history::Outcome;
using history::Value;

namespace {

bool failed_cas(const Operation& operation) {
    return operation.function == "cas" && operation.outcome == Outcome::ok &&
           !operation.applied.value_or(true);
}

const Value& expected(const Operation& cas) {
    return (*cas.argument.as_list())[0];
}

const Value& replacement(const Operation& cas) {
    return (*cas.argument.as_list())[1];
}

}  // namespace

std::optional<Value> RegisterModel::apply(const Value& state, const Operation& operation) const {
    if (operation.function == "write") {
        return operation.argument;
    }
    if (operation.function == "cas" && !failed_cas(operation)) {
        return state == expected(operation) ? std::optional{replacement(operation)} : std::nullopt;
    }
    // A cas that found what it expected would have applied.
    const bool contradicts = operation.function == "cas" && operation.result == expected(operation);
    const bool matches = operation.outcome != Outcome::ok || state == operation.result;
    return matches && !contradicts ? std::optional{state} : std::nullopt;
}

std::optional<Effect> RegisterModel::effect(const Operation& operation) const {
    if (operation.function == "write") {
        return Effect{std::nullopt, operation.argument};
    }
    if (operation.function == "cas" && !failed_cas(operation)) {
        return Effect{expected(operation), replacement(operation)};
    }
    return operation.outcome == Outcome::ok ? Effect{operation.result, std::nullopt} : Effect{};
}

bool RegisterModel::is_read(const Operation& operation) const {
    return operation.function == "read" || failed_cas(operation);
}

std::optional<std::string> RegisterModel::reject(const Operation& operation) const {
    if (operation.function == "read") {
        return std::nullopt;
    }
    if (operation.function == "write") {
        return operation.argument.is_null() ? std::optional<std::string>{"a write of nothing"}
                                            : std::nullopt;
    }
    if (operation.function != "cas") {
        return fmt::format("function \"{}\" is none of read, write, cas", operation.function);
    }
    const auto* arguments = operation.argument.as_list();
    if (arguments == nullptr || arguments->size() != 2 || (*arguments)[1].is_null()) {
        return "the argument of a cas is not [expected, new]";
    }
    if (operation.outcome == Outcome::ok && !operation.applied) {
        return "a cas that does not say whether it applied";
    }
    return std::nullopt;
}

}  // namespace squall::checker
