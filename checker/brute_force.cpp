#include "checker/brute_force.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

namespace squall::checker {

namespace {

using history::Operation;
using history::Outcome;

/// A set of operations, by their place.
using Places = std::uint32_t;

class Orders {
  public:
    Orders(std::span<const Operation* const> operations, const Model& model) : model_(model) {
        for (const Operation* operation : operations) {
            if (operation->outcome != Outcome::fail) {
                operations_.push_back(operation);
            }
        }
        for (std::size_t i = 0; i < operations_.size(); ++i) {
            Places before = 0;
            for (std::size_t j = 0; j < operations_.size(); ++j) {
                const bool over = operations_[j]->outcome == Outcome::ok &&
                                  operations_[j]->completed < operations_[i]->invoked;
                before |= over ? place(j) : 0;
            }
            before_.push_back(before);
            certain_ |= operations_[i]->outcome == Outcome::ok ? place(i) : 0;
        }
    }

    /// Can the rest go on from `state`, once those in `done` took effect?
    bool can_finish(Places done, const Model::State& state) {
        if ((certain_ & ~done) == 0) {
            return true;
        }
        if (!tried_.emplace(done, state).second) {
            return false;
        }
        for (std::size_t i = 0; i < operations_.size(); ++i) {
            if ((done & place(i)) != 0 || (before_[i] & ~done) != 0) {
                continue;
            }
            const auto after = model_.apply(state, *operations_[i]);
            if (after && can_finish(done | place(i), *after)) {
                return true;
            }
        }
        return false;
    }

  private:
    static Places place(std::size_t i) { return Places{1} << i; }

    const Model& model_;
    std::vector<const Operation*> operations_;
    std::vector<Places> before_;  ///< By operation: what was over when it began.
    Places certain_ = 0;          ///< Those that are ok.
    std::set<std::pair<Places, Model::State>> tried_;
};

}  // namespace

bool linearizable_by_brute_force(std::span<const Operation* const> operations,
                                 const Model& model,
                                 const Model::State& initial) {
    return Orders(operations, model).can_finish(0, initial);
}

bool linearizable_by_brute_force(std::span<const Operation* const> operations, const Model& model) {
    return linearizable_by_brute_force(operations, model, model.initial());
}

}  // namespace squall::checker
