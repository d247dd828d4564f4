// Small random histories of every model: most of them nearly what an atomic object would have
// answered, over few values, with crashed operations, results that were not recorded and failed
// cas's that do not say what they found.
#pragma once

#include <cstdint>
#include <vector>

#include "checker/model.hpp"
#include "history/operation.hpp"

namespace squall::checker::testing {

struct DrawnShape {
    std::uint64_t seed = 0;
    std::size_t operations = 6;
    std::size_t concurrency = 3;
    double crash = 0.2;  ///< Share of operations whose outcome stays unknown.
    double wrong = 0.1;  ///< Share of results that are drawn instead of answered.
    std::uint64_t values = 3;
};

/// In order of invocation; one key.
[[nodiscard]] std::vector<history::Operation> draw_history(const Model& model,
                                                           const DrawnShape& shape);

}  // namespace squall::checker::testing
