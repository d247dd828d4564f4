// Election safety as clients see it: what nodes answer to the question who leads, and in which
// term.
#pragma once

#include <span>

#include "checker/check.hpp"
#include "history/operation.hpp"

namespace squall::checker {

/// Function `leader`, result [leader, term], leader null when the node knows none. *invalid* when
/// two answers name different leaders of one term, whenever they were given. *unknown* for results
/// of another form.
[[nodiscard]] Check election_check(std::span<const history::Operation> operations);

}  // namespace squall::checker
