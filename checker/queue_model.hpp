// One queue under each key, first in, first out.
//   enqueue: the argument, never null, goes to the end.
//   dequeue: the result is what was first, which is gone then; null if there was nothing.
// Initially empty. A state is the list of what is in the queue.
#pragma once

#include "checker/model.hpp"

namespace squall::checker {

class QueueModel final : public Model {
  public:
    [[nodiscard]] std::string_view name() const override { return "queue"; }

    [[nodiscard]] State initial() const override { return State::List{}; }

    [[nodiscard]] ModelTraits traits() const override { return {.shape = ObjectShape::queue}; }

    [[nodiscard]] std::optional<State> apply(const State& state,
                                             const history::Operation& operation) const override;
    [[nodiscard]] bool is_read(const history::Operation& operation) const override;
    [[nodiscard]] std::optional<std::string> reject(
        const history::Operation& operation) const override;
};

}  // namespace squall::checker
