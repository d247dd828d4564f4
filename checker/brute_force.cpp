#include "checker/brute_force.hpp"

#include <algorithm>
#include <vector>

namespace squall::checker {

namespace {

using history::Operation;
using history::Outcome;

bool can_finish(std::vector<const Operation*>& left,
                const Model::State& state,
                const Model& model) {
    if (std::none_of(left.begin(), left.end(), [](const Operation* operation) {
            return operation->outcome == Outcome::ok;
        })) {
        return true;
    }
    for (std::size_t i = 0; i < left.size(); ++i) {
        const Operation* next = left[i];
        const bool too_early = std::any_of(left.begin(), left.end(), [&](const Operation* other) {
            return other->outcome == Outcome::ok && other->completed < next->invoked;
        });
        const auto after = too_early ? std::nullopt : model.apply(state, *next);
        if (!after) {
            continue;
        }
        left.erase(left.begin() + static_cast<std::ptrdiff_t>(i));
        const bool finished = can_finish(left, *after, model);
        left.insert(left.begin() + static_cast<std::ptrdiff_t>(i), next);
        if (finished) {
            return true;
        }
    }
    return false;
}

}  // namespace

bool linearizable_by_brute_force(std::span<const Operation* const> operations, const Model& model) {
    std::vector<const Operation*> left(operations.begin(), operations.end());
    std::erase_if(left,
                  [](const Operation* operation) { return operation->outcome == Outcome::fail; });
    return can_finish(left, model.initial(), model);
}

}  // namespace squall::checker
