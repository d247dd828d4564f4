// Puts into words how lists, sets, queues, counters and locks go wrong. Pure text, as explain.hpp.
#pragma once

#include <span>
#include <string>

#include "checker/model.hpp"
#include "history/operation.hpp"

namespace squall::checker {

/// `core` holds `bad`, whose completion cannot be explained; `all` are operations of the key that
/// have to do with what it observed. Empty when no pattern fits.
[[nodiscard]] std::string explain_collection(std::span<const history::Operation* const> core,
                                             const history::Operation& bad,
                                             std::span<const history::Operation* const> all,
                                             ObjectShape shape);

}  // namespace squall::checker
