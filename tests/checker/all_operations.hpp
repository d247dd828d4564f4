// The independent oracle of the property tests, asked about all operations of a history.
#pragma once

#include <vector>

#include "checker/brute_force.hpp"

namespace squall::checker {

[[nodiscard]] inline bool by_brute_force(const Model& model,
                                         const history::Value& initial,
                                         const std::vector<history::Operation>& operations) {
    std::vector<const history::Operation*> pointers;
    for (const history::Operation& operation : operations) {
        pointers.push_back(&operation);
    }
    return linearizable_by_brute_force(pointers, model, initial);
}

}  // namespace squall::checker
