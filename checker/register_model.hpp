// One register under each key: read, write and compare-and-set. Initially null (absent).
//   read:  no argument; the result is the value, null if there is none.
//   write: the argument is the new value, never null.
//   cas:   the argument is [expected, new]. A cas that did not apply is *ok* with applied = false
//          and the current value as its result, so that it is a read.
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
