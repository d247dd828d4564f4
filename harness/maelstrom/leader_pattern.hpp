// Who leads, read off what nodes write to their standard error, by a pattern that the user gives:
// `became leader.*term (\d+)`.
#pragma once

#include <cstdint>
#include <optional>
#include <regex>
#include <string>
#include <string_view>

namespace squall::harness::maelstrom {

class LeaderPattern {
  public:
    /// An ECMAScript regular expression whose first group is the term. Throws Failure that says
    /// what is wrong with it.
    explicit LeaderPattern(const std::string& pattern);

    /// The term that the line's writer says to lead. Lines are looked at up to 1 KiB.
    [[nodiscard]] std::optional<std::uint64_t> term_led(std::string_view line) const;

  private:
    std::regex pattern_;
};

}  // namespace squall::harness::maelstrom
