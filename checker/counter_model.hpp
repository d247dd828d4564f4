// One counter under each key.
//   add:  the argument, an integer of either sign, is added. What it returns says nothing.
//   read: the result is the sum; null reads as 0.
// Initially 0.
#pragma once

#include "checker/model.hpp"

namespace squall::checker {

class CounterModel final : public Model {
  public:
    [[nodiscard]] std::string_view name() const override { return "counter"; }

    [[nodiscard]] State initial() const override { return std::int64_t{0}; }

    [[nodiscard]] ModelTraits traits() const override { return {.shape = ObjectShape::counter}; }

    [[nodiscard]] std::optional<State> apply(const State& state,
                                             const history::Operation& operation) const override;
    [[nodiscard]] bool is_read(const history::Operation& operation) const override;
    [[nodiscard]] std::optional<std::string> reject(
        const history::Operation& operation) const override;
};

/// No sum of fewer than 2^31 increments within this overflows.
inline constexpr std::int64_t counter_increment_max = std::int64_t{1} << 31;

}  // namespace squall::checker
