#include "checker/creating_register_model.hpp"

namespace squall::checker {

namespace {

bool creates(const history::Operation& operation) {
    return operation.function == "cas-or-create";
}

}  // namespace

std::optional<Model::State> CreatingRegisterModel::apply(
    const State& state, const history::Operation& operation) const {
    if (!creates(operation)) {
        return RegisterModel::apply(state, operation);
    }
    const history::Value::List& both = *operation.argument.as_list();
    return state.is_null() || state == both.front() ? std::optional{both.back()} : std::nullopt;
}

bool CreatingRegisterModel::is_read(const history::Operation& operation) const {
    return !creates(operation) && RegisterModel::is_read(operation);
}

std::optional<std::string> CreatingRegisterModel::reject(
    const history::Operation& operation) const {
    if (!creates(operation)) {
        return RegisterModel::reject(operation);
    }
    if (operation.outcome == history::Outcome::ok && !operation.applied.value_or(true)) {
        return "a cas-or-create that did not apply is *fail*";
    }
    history::Operation plain = operation;
    plain.function = std::string("cas");
    return RegisterModel::reject(plain);
}

}  // namespace squall::checker
