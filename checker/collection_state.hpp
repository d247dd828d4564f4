// What the models whose states are lists (append-list, set, queue) share.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "history/operation.hpp"
#include "history/value.hpp"

namespace squall::checker {

/// The value, or the empty list for null.
[[nodiscard]] history::Value list_or_empty(const history::Value& value);

/// Of a read that returns the whole state: `state`, or nothing if the result contradicts it.
[[nodiscard]] std::optional<history::Value> apply_whole_read(const history::Value& state,
                                                             const history::Operation& operation);

/// What `Model::reject` says where there are two functions: one, `grows`, that puts in its
/// argument, and `other`, which takes none.
[[nodiscard]] std::optional<std::string> reject_all_but(std::string_view grows,
                                                        std::string_view other,
                                                        const history::Operation& operation);

}  // namespace squall::checker
