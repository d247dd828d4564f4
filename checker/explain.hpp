// Puts a counterexample into words. Pure text: it never decides whether a history is bad, and where
// it recognises no pattern it says only that no order explains the operations.
#pragma once

#include <span>
#include <string>

#include "checker/model.hpp"
#include "history/operation.hpp"

namespace squall::checker {

struct Explanation {
    std::string sentence;
    /// Outside the core: the failed operation whose value was observed, if that is the matter.
    const history::Operation* failed_writer = nullptr;
};

/// `core` holds `bad`, whose completion cannot be explained; `all` is the key's whole history,
/// which began with `initial`.
[[nodiscard]] Explanation explain(std::span<const history::Operation* const> core,
                                  const history::Operation& bad,
                                  std::span<const history::Operation* const> all,
                                  const Model& model,
                                  const history::Value& initial);

/// "read op #40 by c4".
[[nodiscard]] std::string name_of(const history::Operation& operation);

/// One operation as a line of a listing: "op #40..#43 c4 on n2: read -> 7 (ok)".
[[nodiscard]] std::string line_of(const history::Operation& operation);

}  // namespace squall::checker
