// One text under each key: get, put, append, delete and cas. Initially null (absent); recordings of
// stores that show "" for what is not there say so.
//   append: the argument is added at the end of the text; to null it adds the text itself.
// The others are read, write, remove and cas of checker/cell.hpp.
#pragma once

#include "checker/model.hpp"

namespace squall::checker {

class KvModel final : public Model {
  public:
    [[nodiscard]] std::string_view name() const override { return "kv"; }

    [[nodiscard]] State initial() const override { return {}; }

    [[nodiscard]] ModelTraits traits() const override {
        return {.unobserved_unknowns_removable = true, .shape = ObjectShape::text};
    }

    [[nodiscard]] std::optional<State> apply(const State& state,
                                             const history::Operation& operation) const override;
    [[nodiscard]] std::optional<Effect> effect(const history::Operation& operation) const override;
    [[nodiscard]] bool is_read(const history::Operation& operation) const override;
    [[nodiscard]] std::optional<std::string> reject(
        const history::Operation& operation) const override;
};

}  // namespace squall::checker
