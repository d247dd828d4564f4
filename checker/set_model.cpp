#include "checker/set_model.hpp"

#include <algorithm>

#include "checker/collection_state.hpp"

namespace squall::checker {

using history::Operation;
using history::Value;

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
    return apply_whole_read(state, operation);
}

bool SetModel::is_read(const Operation& operation) const {
    return operation.function == "read";
}

std::optional<std::string> SetModel::reject(const Operation& operation) const {
    return reject_all_but("add", "read", operation);
}

}  // namespace squall::checker
