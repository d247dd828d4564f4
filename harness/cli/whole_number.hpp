// For flags that take a 64-bit number: CLI11 turns -1 and numbers beyond 64 bits into the largest
// one, silently.
#pragma once

#include <string>

namespace squall::harness::cli {

/// What keeps the text from being one; empty when nothing. For CLI::Option::check.
[[nodiscard]] std::string whole_number_problem(const std::string& text);

}  // namespace squall::harness::cli
