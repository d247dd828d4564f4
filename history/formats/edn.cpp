#include "history/formats/edn.hpp"

#include <charconv>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "history/text_input.hpp"

namespace squall::history::formats {

namespace {

constexpr int end_of_input = -1;

bool is_blank(int c) {
    return c == ' ' || c == ',' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

bool ends_token(int c) {
    return c == end_of_input || is_blank(c) || c == '(' || c == ')' || c == '[' || c == ']' ||
           c == '{' || c == '}' || c == '"' || c == ';';
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool begins_number(std::string_view token) {
    const bool sign = token.front() == '-' || token.front() == '+';
    return is_digit(token[sign && token.size() > 1 ? 1 : 0]);
}

/// In UTF-8; surrogates become U+FFFD, as everywhere.
void put_code_point(std::string& out, unsigned code) {
    if (code >= 0xD800U && code <= 0xDFFFU) {
        code = 0xFFFDU;
    }
    const auto put = [&](unsigned byte) { out.push_back(static_cast<char>(byte)); };
    if (code < 0x80U) {
        put(code);
    } else if (code < 0x800U) {
        put(0xC0U | code >> 6U);
        put(0x80U | (code & 0x3FU));
    } else {
        put(0xE0U | code >> 12U);
        put(0x80U | (code >> 6U & 0x3FU));
        put(0x80U | (code & 0x3FU));
    }
}

}  // namespace

const Edn* Edn::find(std::string_view keyword) const {
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
        if (items[i].is_keyword(keyword)) {
            return &items[i + 1];
        }
    }
    return nullptr;
}

std::optional<Edn> EdnReader::next() {
    form_bytes_ = 0;
    int c = next_byte();
    if (!std::exchange(begun_, true) && (c == '[' || c == '(')) {
        close_ = c == '[' ? ']' : ')';
        take();
        c = next_byte();
    }
    while (c != end_of_input && (close_ == 0 || c != close_)) {
        if (std::optional<Edn> item = unless_discarded(0)) {
            return item;
        }
        c = next_byte();
    }
    if (c == end_of_input && close_ != 0) {
        fail(fmt::format("the file ends before '{}'; is it complete?", close_));
    }
    if (close_ != 0) {
        take();
        close_ = 0;
        if (next_byte() != end_of_input) {
            fail("something stands behind the end of the history");
        }
    }
    return std::nullopt;
}

int EdnReader::peek() {
    const int c = in_.sgetc();
    return c == std::streambuf::traits_type::eof() ? end_of_input : c;
}

int EdnReader::take() {
    const int c = in_.sbumpc();
    if (c == std::streambuf::traits_type::eof()) {
        return end_of_input;
    }
    if (c == '\n') {
        ++line_;
    }
    if (++form_bytes_ > edn_form_bytes_max) {
        fail(fmt::format("one form longer than {} bytes", edn_form_bytes_max));
    }
    return c;
}

void EdnReader::fail(std::string problem) const {
    throw NotEdn{line_, std::move(problem)};
}

int EdnReader::next_byte() {
    bool comment = false;
    for (;;) {
        const int c = peek();
        if (c == end_of_input || (!comment && !is_blank(c) && c != ';')) {
            return c;
        }
        // Not part of any form: it counts for none, however much there is.
        comment = c != '\n' && (comment || c == ';');
        if (c == '\n') {
            ++line_;
        }
        in_.sbumpc();
    }
}

std::optional<Edn> EdnReader::unless_discarded(std::size_t depth) {
    if (peek() != '#') {
        return form(depth);
    }
    Edn made;
    made.line = line_;
    take();
    if (peek() != '_') {
        return dispatched(depth, std::move(made));
    }
    take();
    (void)form(depth + 1);
    return std::nullopt;
}

Edn EdnReader::form(std::size_t depth) {
    if (depth > edn_depth_max) {
        fail(fmt::format("nested deeper than {}", edn_depth_max));
    }
    const int c = next_byte();
    Edn made;
    made.line = line_;
    switch (c) {
        case end_of_input:
            fail("the file ends inside of a form; is it complete?");
        case '(':
            take();
            made.kind = Edn::Kind::list;
            items(')', depth, made);
            return made;
        case '[':
            take();
            made.kind = Edn::Kind::vector;
            items(']', depth, made);
            return made;
        case '{':
            take();
            made.kind = Edn::Kind::map;
            items('}', depth, made);
            if (made.items.size() % 2 != 0) {
                fail("a map with a key that has no value");
            }
            return made;
        case ')':
        case ']':
        case '}':
            fail(fmt::format("'{}' closes nothing", static_cast<char>(c)));
        case '"':
            take();
            return quoted(std::move(made));
        case '\\':
            take();
            return character(std::move(made));
        case '#':
            take();
            return dispatched(depth, std::move(made));
        default:
            return atom(std::move(made));
    }
}

void EdnReader::items(char close, std::size_t depth, Edn& made) {
    while (next_byte() != close) {
        if (std::optional<Edn> item = unless_discarded(depth + 1)) {
            made.items.push_back(std::move(*item));
        }
    }
    take();
}

Edn EdnReader::dispatched(std::size_t depth, Edn made) {
    if (depth > edn_depth_max) {
        fail(fmt::format("nested deeper than {}", edn_depth_max));
    }
    const int c = peek();
    if (c == '{') {
        take();
        made.kind = Edn::Kind::set;
        items('}', depth, made);
        return made;
    }
    if (c == '_') {
        take();
        (void)form(depth + 1);
        return form(depth + 1);
    }
    if (c == '#') {
        take();
        made.kind = Edn::Kind::other_number;
        made.text = "##" + token();
        return made;
    }
    made.kind = Edn::Kind::tagged;
    made.text = token();
    if (made.text.empty()) {
        fail("'#' without a tag");
    }
    made.items.push_back(form(depth + 1));
    return made;
}

Edn EdnReader::quoted(Edn made) {
    made.kind = Edn::Kind::string;
    for (;;) {
        int c = take();
        if (c == '"') {
            return made;
        }
        if (c == end_of_input) {
            fail("the file ends inside of a string; is it complete?");
        }
        if (c != '\\') {
            made.text.push_back(static_cast<char>(c));
            continue;
        }
        c = take();
        constexpr std::string_view names = "tnrbf\"\\";
        constexpr std::string_view meant = "\t\n\r\b\f\"\\";
        if (c == 'u') {
            std::string hex;
            for (int i = 0; i < 4; ++i) {
                hex.push_back(static_cast<char>(take()));
            }
            unsigned code = 0;
            const auto parsed = std::from_chars(hex.data(), hex.data() + hex.size(), code, 16);
            if (parsed.ec != std::errc{} || parsed.ptr != hex.data() + hex.size()) {
                fail("\\u is followed by four hexadecimal digits");
            }
            put_code_point(made.text, code);
        } else if (const auto at =
                       c == end_of_input ? names.npos : names.find(static_cast<char>(c));
                   at != names.npos) {
            made.text.push_back(meant[at]);
        } else {
            fail("an unknown escape in a string");
        }
    }
}

Edn EdnReader::character(Edn made) {
    made.kind = Edn::Kind::character;
    const int c = take();
    if (c == end_of_input) {
        fail("the file ends after a backslash");
    }
    made.text.push_back(static_cast<char>(c));
    made.text += token();
    return made;
}

std::string EdnReader::token() {
    std::string text;
    while (!ends_token(peek())) {
        text.push_back(static_cast<char>(take()));
    }
    return text;
}

Edn EdnReader::atom(Edn made) {
    std::string text = token();
    if (text.empty() || text == ":") {
        fail("not EDN");
    }
    if (text.front() == ':') {
        made.kind = Edn::Kind::keyword;
        made.text = text.substr(1);
    } else if (text == "nil") {
        made.kind = Edn::Kind::nil;
    } else if (text == "true" || text == "false") {
        made.kind = Edn::Kind::boolean;
        made.boolean = text == "true";
    } else if (begins_number(text)) {
        // 5N is a 5 that Clojure would let grow.
        std::string_view digits = text;
        digits.remove_prefix(digits.front() == '+' ? 1 : 0);
        digits.remove_suffix(digits.back() == 'N' ? 1 : 0);
        const char* end = digits.data() + digits.size();
        const auto parsed = std::from_chars(digits.data(), end, made.integer);
        made.kind = parsed.ec == std::errc{} && parsed.ptr == end ? Edn::Kind::integer
                                                                  : Edn::Kind::other_number;
        made.text = std::move(text);
    } else {
        made.kind = Edn::Kind::symbol;
        made.text = std::move(text);
    }
    return made;
}

}  // namespace squall::history::formats
