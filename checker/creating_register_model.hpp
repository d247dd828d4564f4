// A register with one function more:
//   cas-or-create: as cas, but applies also where there is nothing (Maelstrom's
//                  create_if_not_exists).
#pragma once

#include "checker/register_model.hpp"

namespace squall::checker {

class CreatingRegisterModel final : public RegisterModel {
  public:
    [[nodiscard]] std::string_view name() const override { return "creating-register"; }

    /// What it tests is not one state but one of two, so that nothing can be said in advance.
    [[nodiscard]] ModelTraits traits() const override { return {}; }

    [[nodiscard]] std::optional<Effect> effect(
        const history::Operation& /*operation*/) const override {
        return std::nullopt;
    }

    [[nodiscard]] std::optional<State> apply(const State& state,
                                             const history::Operation& operation) const override;
    [[nodiscard]] bool is_read(const history::Operation& operation) const override;
    [[nodiscard]] std::optional<std::string> reject(
        const history::Operation& operation) const override;
};

}  // namespace squall::checker
