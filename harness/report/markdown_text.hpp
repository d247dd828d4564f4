// Text of a run as Markdown that nothing in it can break out of.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace squall::harness::report {

inline constexpr std::size_t markdown_text_max = 1000;

/// One line of plain text. "#12" would become a link to somebody's issue, so the sign goes.
[[nodiscard]] std::string plain(std::string_view text);

/// A code block that no line of it can end.
[[nodiscard]] std::string code_block(std::string_view text);

/// Unfolded by a click on the summary.
[[nodiscard]] std::string folded(const std::string& summary, const std::string& content);

}  // namespace squall::harness::report
