// One register under each key: read, write, compare-and-set and delete (checker/cell.hpp says what
// they do). Initially null (absent), which nobody writes. A cas says whether it applied.
#pragma once

#include "checker/model.hpp"

namespace squall::checker {

class RegisterModel : public Model {
  public:
    [[nodiscard]] std::string_view name() const override { return "register"; }

    [[nodiscard]] State initial() const override { return {}; }

    [[nodiscard]] ModelTraits traits() const override {
        return {.unobserved_unknowns_removable = true, .shape = ObjectShape::cell};
    }

    [[nodiscard]] std::optional<State> apply(const State& state,
                                             const history::Operation& operation) const override;
    [[nodiscard]] std::optional<Effect> effect(const history::Operation& operation) const override;
    [[nodiscard]] bool is_read(const history::Operation& operation) const override;
    [[nodiscard]] std::optional<std::string> reject(
        const history::Operation& operation) const override;
};

}  // namespace squall::checker
