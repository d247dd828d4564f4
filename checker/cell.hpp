// Operations on one value that replace it as a whole, whatever a model calls them. Null is
// "nothing is there". Knows no keys and no names.
//   read:   the result is the value.
//   write:  the argument is the new value.
//   cas:    the argument is [expected, new]. One that did not apply (ok, applied = false) read the
//           value; where its result was not recorded it says that the value was not `expected`.
//   remove: afterwards nothing is there. `applied`, where it is given, says whether there was
//           something.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "checker/model.hpp"

namespace squall::checker {

enum class CellFunction : std::uint8_t { read, write, cas, remove };

/// As `Model::apply`.
[[nodiscard]] std::optional<history::Value> apply_to_cell(CellFunction function,
                                                          const history::Value& state,
                                                          const history::Operation& operation);

/// As `Model::effect`: nothing where the operation tests that the state is *not* some value.
[[nodiscard]] std::optional<Effect> effect_on_cell(CellFunction function,
                                                   const history::Operation& operation);

/// As `Model::is_read`.
[[nodiscard]] bool is_cell_read(CellFunction function, const history::Operation& operation);

/// What is wrong with the arguments, if anything: a write of null, a cas without two of them.
[[nodiscard]] std::optional<std::string> reject_on_cell(CellFunction function,
                                                        const history::Operation& operation);

}  // namespace squall::checker
