#include "harness/suite/toml_document.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "harness/failure.hpp"
#include "history/text_input.hpp"

namespace squall::harness::suite {
namespace {

TomlPosition position_of(const toml::source_region& source) {
    return {source.begin.line, source.begin.column};
}

TomlNode convert(const toml::node& node);

TomlNode convert_table(const toml::table& table) {
    TomlNode converted;
    for (const auto& [key, value] : table) {
        converted.members.push_back(
            {std::string(key.str()), position_of(key.source()), convert(value)});
    }
    std::ranges::sort(converted.members, {}, [](const TomlMember& member) {
        return std::tuple(member.position.line, member.position.column);
    });
    return converted;
}

TomlNode convert(const toml::node& node) {
    TomlNode converted;
    using Kind = TomlNode::Kind;
    if (const auto* table = node.as_table()) {
        converted = convert_table(*table);
    } else if (const auto* array = node.as_array()) {
        converted.kind = Kind::array;
        for (const toml::node& element : *array) {
            converted.elements.push_back(convert(element));
        }
    } else if (const auto* text = node.as_string()) {
        converted.kind = Kind::text;
        converted.text = text->get();
    } else if (const auto* integer = node.as_integer()) {
        converted.kind = Kind::integer;
        converted.integer = integer->get();
    } else if (const auto* real = node.as_floating_point()) {
        converted.kind = Kind::real;
        converted.real = real->get();
    } else if (const auto* boolean = node.as_boolean()) {
        converted.kind = Kind::boolean;
        converted.boolean = boolean->get();
    } else {
        converted.kind = Kind::date;
        if (const auto* date = node.as_date()) {
            const toml::date& value = date->get();
            converted.text = fmt::format("{:04}-{:02}-{:02}", value.year, value.month, value.day);
        }
    }
    converted.position = position_of(node.source());
    return converted;
}

}  // namespace

const char* to_string(TomlNode::Kind kind) {
    switch (kind) {
        case TomlNode::Kind::table:
            return "a table";
        case TomlNode::Kind::array:
            return "a list";
        case TomlNode::Kind::text:
            return "a text";
        case TomlNode::Kind::integer:
            return "a whole number";
        case TomlNode::Kind::real:
            return "a number";
        case TomlNode::Kind::boolean:
            return "true or false";
        case TomlNode::Kind::date:
            return "a date or time";
    }
    return "";
}

TomlNode parse_toml(const std::string& text, const std::string& name) {
    try {
        return convert_table(toml::parse(text, name));
    } catch (const toml::parse_error& error) {
        // What the parser says may quote the file's bytes.
        std::string said(error.description());
        for (char& byte : said) {
            byte = static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f ? ' ' : byte;
        }
        throw UsageError(fmt::format("{}:{}:{}: is not TOML: {}",
                                     name,
                                     error.source().begin.line,
                                     error.source().begin.column,
                                     said));
    }
}

}  // namespace squall::harness::suite
