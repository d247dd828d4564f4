// One list under each key.
//   append: the argument is added at the end. What it returns says nothing.
//   read:   the result is the whole list, first to last; null reads as the empty list.
// Initially empty.
#pragma once

#include "checker/model.hpp"

namespace squall::checker {

class AppendListModel final : public Model {
  public:
    [[nodiscard]] std::string_view name() const override { return "append-list"; }

    [[nodiscard]] State initial() const override { return State::List{}; }

    [[nodiscard]] ModelTraits traits() const override { return {.shape = ObjectShape::list}; }

    [[nodiscard]] std::optional<State> apply(const State& state,
                                             const history::Operation& operation) const override;
    [[nodiscard]] bool is_read(const history::Operation& operation) const override;
    [[nodiscard]] std::optional<std::string> reject(
        const history::Operation& operation) const override;
};

}  // namespace squall::checker
