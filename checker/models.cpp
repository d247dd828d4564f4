#include <array>

#include "checker/creating_register_model.hpp"
#include "checker/model.hpp"
#include "checker/register_model.hpp"

namespace squall::checker {

std::span<const Model* const> models() {
    static const RegisterModel register_model;
    static const CreatingRegisterModel creating_register_model;
    static const std::array<const Model*, 2> all{&register_model, &creating_register_model};
    return all;
}

const Model* find_model(std::string_view name) {
    for (const Model* model : models()) {
        if (model->name() == name) {
            return model;
        }
    }
    return nullptr;
}

}  // namespace squall::checker
