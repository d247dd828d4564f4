#include "checker/append_list_model.hpp"

#include "checker/collection_state.hpp"

namespace squall::checker {

using history::Operation;
using history::Value;

std::optional<Value> AppendListModel::apply(const Value& state, const Operation& operation) const {
    if (operation.function == "append") {
        const Value list = list_or_empty(state);
        if (list.as_list() == nullptr) {
            return std::nullopt;
        }
        Value::List longer = *list.as_list();
        longer.push_back(operation.argument);
        return longer;
    }
    return apply_whole_read(state, operation);
}

bool AppendListModel::is_read(const Operation& operation) const {
    return operation.function == "read";
}

std::optional<std::string> AppendListModel::reject(const Operation& operation) const {
    return reject_all_but("append", "read", operation);
}

}  // namespace squall::checker
