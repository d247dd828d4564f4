// A TOML file as a tree that remembers where everything stands, so that a message can name the line
// and the column. Knows nothing of what the file means.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace squall::harness::suite {

struct TomlPosition {
    std::uint32_t line = 0;  ///< From 1; 0: nowhere, as of an absent field.
    std::uint32_t column = 0;
};

struct TomlNode;

struct TomlMember;

struct TomlNode {
    enum class Kind : std::uint8_t { table, array, text, integer, real, boolean, date };

    Kind kind = Kind::table;
    TomlPosition position;
    std::string text;
    std::int64_t integer = 0;
    double real = 0;
    bool boolean = false;
    std::vector<TomlMember> members;  ///< Of a table, by position.
    std::vector<TomlNode> elements;   ///< Of an array.
};

struct TomlMember {
    std::string key;
    TomlPosition position;  ///< Of the key.
    TomlNode value;
};

[[nodiscard]] const char* to_string(TomlNode::Kind kind);

/// Throws UsageError with `name:line:column: problem`.
[[nodiscard]] TomlNode parse_toml(const std::string& text, const std::string& name);

}  // namespace squall::harness::suite
