// Text of unknown origin inside markup.
#pragma once

#include <string>
#include <string_view>

namespace squall::harness::report {

/// The text with everything replaced that UTF-8 or XML 1.0 does not allow: by U+FFFD.
[[nodiscard]] std::string clean_text(std::string_view text);

/// Clean, and safe as text or in a double-quoted attribute of HTML and XML.
[[nodiscard]] std::string escape_markup(std::string_view text);

/// JSON that can stand inside a script element: `<` becomes \u003c, so no tag can begin in it.
[[nodiscard]] std::string escape_script_json(std::string_view json);

/// At most `bytes` of the text, cut at a character and marked with an ellipsis.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t bytes);

}  // namespace squall::harness::report
