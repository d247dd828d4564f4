// Puts a counterexample into words. Pure text: it never decides whether a history is bad, and where
// it recognises no pattern it says only that no order explains the operations.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "checker/model.hpp"
#include "history/operation.hpp"

namespace squall::checker {

struct Explanation {
    std::string sentence;
    /// Operations outside the core that the sentence speaks of: a failed or a later writer.
    std::vector<const history::Operation*> witnesses;
};

/// `core` holds `bad`, whose completion cannot be explained; `all` is the key's whole history.
[[nodiscard]] Explanation explain(std::span<const history::Operation* const> core,
                                  const history::Operation& bad,
                                  std::span<const history::Operation* const> all,
                                  const Model& model);

/// "read op #40 by c4".
[[nodiscard]] std::string name_of(const history::Operation& operation);

/// One operation as a line of a listing: "op #40..#43 c4 on n2: read -> 7 (ok)".
[[nodiscard]] std::string line_of(const history::Operation& operation);

}  // namespace squall::checker
