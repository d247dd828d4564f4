#include <array>
#include <tuple>

#include "checker/append_list_model.hpp"
#include "checker/cas_register_model.hpp"
#include "checker/counter_model.hpp"
#include "checker/creating_register_model.hpp"
#include "checker/kv_model.hpp"
#include "checker/model.hpp"
#include "checker/mutex_model.hpp"
#include "checker/queue_model.hpp"
#include "checker/register_model.hpp"
#include "checker/set_model.hpp"

namespace squall::checker {

namespace {

template <class... Models>
std::span<const Model* const> one_of_each() {
    static const std::tuple<const Models...> objects{};
    static const auto pointers = std::apply(
        [](const auto&... each) { return std::array<const Model*, sizeof...(Models)>{&each...}; },
        objects);
    return pointers;
}

}  // namespace

std::span<const Model* const> models() {
    return one_of_each<RegisterModel,
                       CreatingRegisterModel,
                       CasRegisterModel,
                       KvModel,
                       AppendListModel,
                       SetModel,
                       CounterModel,
                       QueueModel,
                       MutexModel>();
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
