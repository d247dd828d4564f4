// One set under each key, which only grows.
//   add:  the argument is in the set from then on, whether or not it was. What it returns says
//         nothing.
//   read: the result is all elements as a sorted list (in the order of `Value`), each once; null
//         reads as the empty set.
// Initially empty.
#pragma once

#include "checker/model.hpp"

namespace squall::checker {

class SetModel final : public Model {
  public:
    [[nodiscard]] std::string_view name() const override { return "set"; }

    [[nodiscard]] State initial() const override { return State::List{}; }

    [[nodiscard]] ModelTraits traits() const override { return {.shape = ObjectShape::set}; }

    [[nodiscard]] std::optional<State> apply(const State& state,
                                             const history::Operation& operation) const override;
    [[nodiscard]] bool is_read(const history::Operation& operation) const override;
    [[nodiscard]] std::optional<std::string> reject(
        const history::Operation& operation) const override;
};

}  // namespace squall::checker
