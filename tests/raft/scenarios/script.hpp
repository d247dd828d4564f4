// Data-driven test files in the form of cockroachdb/datadriven: blocks of commands, a line of four
// dashes, and the output expected of them, up to a blank line (two such lines when the output has
// blank lines of its own). `#` begins a comment. Says what is written where, not what it means.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace squall::raft::test {

/// "FILE:LINE: what is wrong with it".
class ScriptError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// `name positional key=value key=(value,value) flag`. Options keep the order of their keys only.
struct Command {
    std::string where;  ///< "FILE:LINE", for errors.
    std::string name;
    std::vector<std::string> positional;
    std::map<std::string, std::vector<std::string>> options;

    /// Throws ScriptError: where, which command, and what is wrong with it.
    [[noreturn]] void fail(const std::string& problem) const;

    /// The only value of an option.
    [[nodiscard]] std::optional<std::string> option(const std::string& key) const;

    [[nodiscard]] std::uint64_t number(std::size_t position) const;
    [[nodiscard]] std::uint64_t number_of(const std::string& key, std::uint64_t otherwise) const;
    /// `key=(1,2)`; empty without the option.
    [[nodiscard]] std::vector<std::uint64_t> numbers_of(const std::string& key) const;

    /// Fails on an option that is not among these and on more positional words than `most`.
    void allow(const std::vector<std::string>& keys, std::size_t most) const;
};

struct Block {
    std::string head;      ///< Verbatim: blank lines, comments and command lines before the dashes.
    std::size_t line = 0;  ///< Of the first command line, from 1.
    std::vector<std::string> lines;  ///< Command lines (or a command and its input).
    std::string expected;            ///< Whole lines, each ended by a newline.
};

struct Script {
    std::string name;
    std::vector<Block> blocks;
    std::string tail;  ///< Verbatim: what follows the last block.

    [[nodiscard]] std::string where(std::size_t line) const;
};

struct ScriptLimits {
    static constexpr std::size_t bytes = std::size_t{1} << 20U;
    static constexpr std::size_t line_bytes = 2000;
    static constexpr std::size_t block_lines = 100;
    static constexpr std::size_t words = 64;
    static constexpr std::uint64_t number = 1'000'000'000;
};

/// Throws ScriptError: no dashes behind commands, dashes without commands, control characters,
/// anything beyond the limits.
[[nodiscard]] Script parse_script(std::string name, std::string_view text);

/// Throws ScriptError: an empty name, unbalanced parentheses, an option twice.
[[nodiscard]] Command parse_command(std::string where, std::string_view line);

/// Throws ScriptError when it is not a whole number up to ScriptLimits::number.
[[nodiscard]] std::uint64_t parse_number(const std::string& where, const std::string& word);

/// The text again, with these outputs (one for each block) instead of the expected ones.
[[nodiscard]] std::string render_script(const Script& script,
                                        const std::vector<std::string>& outputs);

}  // namespace squall::raft::test
