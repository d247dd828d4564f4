// One lock under each key.
//   acquire: takes the lock, which must be free.
//   release: frees the lock, which must be held; it does not matter by whom.
// One that says that it did not apply (ok, applied = false) found the lock in the other state.
// Initially "free"; the other state is "held".
#pragma once

#include "checker/model.hpp"

namespace squall::checker {

class MutexModel final : public Model {
  public:
    [[nodiscard]] std::string_view name() const override { return "mutex"; }

    [[nodiscard]] State initial() const override { return std::string("free"); }

    [[nodiscard]] ModelTraits traits() const override {
        return {.unobserved_unknowns_removable = true};
    }

    [[nodiscard]] std::optional<State> apply(const State& state,
                                             const history::Operation& operation) const override;
    [[nodiscard]] std::optional<Effect> effect(const history::Operation& operation) const override;
    [[nodiscard]] bool is_read(const history::Operation& operation) const override;
    [[nodiscard]] std::optional<std::string> reject(
        const history::Operation& operation) const override;
};

}  // namespace squall::checker
