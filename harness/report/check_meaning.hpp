// What each check asks, in a sentence for somebody who has never met it.
#pragma once

#include <string>
#include <string_view>

namespace squall::harness::report {

/// "Every operation must seem to ...". Empty for a check that is not known here.
[[nodiscard]] std::string_view check_meaning(const std::string& check);

}  // namespace squall::harness::report
