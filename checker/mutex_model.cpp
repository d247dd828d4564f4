#include "checker/mutex_model.hpp"

#include <fmt/format.h>

namespace squall::checker {

using history::Operation;
using history::Outcome;
using history::Value;

std::optional<Effect> MutexModel::effect(const Operation& operation) const {
    const bool acquires = operation.function == "acquire";
    Value before = std::string(acquires ? "free" : "held");
    Value after = std::string(acquires ? "held" : "free");
    if (is_read(operation)) {
        return Effect{std::move(after), std::nullopt};
    }
    return Effect{std::move(before), std::move(after)};
}

std::optional<Value> MutexModel::apply(const Value& state, const Operation& operation) const {
    const std::optional<Effect> doing = effect(operation);
    return state == *doing->observes ? std::optional{doing->writes.value_or(state)} : std::nullopt;
}

bool MutexModel::is_read(const Operation& operation) const {
    return operation.outcome == Outcome::ok && !operation.applied.value_or(true);
}

std::optional<std::string> MutexModel::reject(const Operation& operation) const {
    return operation.function == "acquire" || operation.function == "release"
               ? std::nullopt
               : std::optional(fmt::format("function \"{}\" is none of acquire, release",
                                           operation.function));
}

}  // namespace squall::checker
