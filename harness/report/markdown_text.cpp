#include "harness/report/markdown_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "harness/report/escape.hpp"

namespace squall::harness::report {

std::string plain(std::string_view text) {
    std::string out;
    const std::string clean = clean_text(shortened(text, markdown_text_max));
    for (std::size_t i = 0; i < clean.size(); ++i) {
        const char c = clean[i];
        const bool before_digit =
            i + 1 < clean.size() && clean[i + 1] >= '0' && clean[i + 1] <= '9';
        if (c == '<') {
            out += "&lt;";
        } else if (c == '\n' || c == '\r') {
            out += ' ';
        } else if (c != '#' || !before_digit) {
            if (std::string_view("\\`*|[]#~").find(c) != std::string_view::npos) {
                out += '\\';
            }
            out += c;
        }
    }
    return out;
}

std::string code_block(std::string_view text) {
    const std::string clean = clean_text(text);
    std::size_t longest = 2;
    std::size_t run = 0;
    for (const char c : clean) {
        run = c == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    const std::string fence(longest + 1, '`');
    return fmt::format("{}\n{}\n{}\n\n", fence, clean, fence);
}

std::string folded(const std::string& summary, const std::string& content) {
    return fmt::format(
        "<details><summary>{}</summary>\n\n{}\n</details>\n\n", escape_markup(summary), content);
}

}  // namespace squall::harness::report
