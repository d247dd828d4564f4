#include "harness/report/escape.hpp"

#include <cstdint>

namespace squall::harness::report {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";

bool continues(char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

/// Length of the well-formed character at the front that XML allows; 0: there is none.
std::size_t allowed_character(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text.front());
    if (lead < 0x80U) {
        return lead >= 0x20U || lead == '\t' || lead == '\n' || lead == '\r' ? 1 : 0;
    }
    const std::size_t length = lead >= 0xf0U ? 4 : lead >= 0xe0U ? 3 : 2;
    if (lead < 0xc2U || lead > 0xf4U || text.size() < length) {
        return 0;
    }
    std::uint32_t point = lead & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if (!continues(text[i])) {
            return 0;
        }
        point = (point << 6U) | (static_cast<unsigned char>(text[i]) & 0x3fU);
    }
    const bool overlong = (length == 3 && point < 0x800U) || (length == 4 && point < 0x10000U);
    const bool surrogate = point >= 0xd800U && point <= 0xdfffU;
    const bool nothing = point == 0xfffeU || point == 0xffffU || point > 0x10ffffU;
    return overlong || surrogate || nothing ? 0 : length;
}

}  // namespace

std::string clean_text(std::string_view text) {
    std::string clean;
    clean.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = allowed_character(text);
        clean += length == 0 ? replacement : text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return clean;
}

std::string escape_markup(std::string_view text) {
    std::string escaped;
    for (const char c : clean_text(text)) {
        switch (c) {
            case '&':
                escaped += "&amp;";
                break;
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            case '"':
                escaped += "&quot;";
                break;
            case '\'':
                escaped += "&#39;";
                break;
            default:
                escaped += c;
        }
    }
    return escaped;
}

std::string escape_script_json(std::string_view json) {
    std::string escaped;
    escaped.reserve(json.size());
    for (const char c : json) {
        if (c == '<') {
            escaped += "\\u003c";
        } else {
            escaped += c;
        }
    }
    return escaped;
}

std::string shortened(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes) {
        return std::string(text);
    }
    while (bytes > 0 && continues(text[bytes])) {
        --bytes;
    }
    return std::string(text.substr(0, bytes)) + "\xe2\x80\xa6";
}

}  // namespace squall::harness::report
