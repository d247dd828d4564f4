// Changes to JSON that leave it JSON, since most changes to its bytes stop at the parser: a value
// is replaced, removed, doubled or swapped for another, or a line is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace squall::fuzz {

/// One document, or one a line. `counter` is the field that counts lines; it is put right again,
/// for otherwise few changes of lines would get any further. Text that is not JSON stays as it is.
[[nodiscard]] std::string mutate_json(std::string_view text,
                                      std::uint64_t random,
                                      std::string_view counter);

}  // namespace squall::fuzz
