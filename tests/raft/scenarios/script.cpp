#include "tests/raft/scenarios/script.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include <fmt/format.h>

namespace squall::raft::test {

namespace {

constexpr std::string_view dashes = "----";

bool blank(std::string_view line) {
    return std::all_of(line.begin(), line.end(), [](char c) { return c == ' ' || c == '\t'; });
}

/// Hands out lines and knows where it is.
class Lines {
  public:
    Lines(const Script& script, std::string_view text) : script_(script), text_(text) {}

    [[nodiscard]] bool done() const { return text_.empty(); }

    [[nodiscard]] std::size_t number() const { return number_; }

    [[nodiscard]] std::string_view peek() const { return text_.substr(0, text_.find('\n')); }

    std::string_view next() {
        const std::string_view line = peek();
        ++number_;
        if (line.size() > ScriptLimits::line_bytes) {
            fail(fmt::format("a line of more than {} bytes", ScriptLimits::line_bytes));
        }
        const auto control = [](char c) {
            return std::iscntrl(static_cast<unsigned char>(c)) != 0 && c != '\t';
        };
        if (std::any_of(line.begin(), line.end(), control)) {
            fail("a control character");
        }
        text_.remove_prefix(std::min(line.size() + 1, text_.size()));
        return line;
    }

    [[noreturn]] void fail(const std::string& problem) const {
        throw ScriptError(script_.where(number_) + ": " + problem);
    }

  private:
    const Script& script_;
    std::string_view text_;
    std::size_t number_ = 0;
};

void read_expected(Lines& lines, std::string& expected) {
    const bool doubled = !lines.done() && lines.peek() == dashes;
    if (doubled) {
        lines.next();
    }
    for (bool closing = false; !lines.done();) {
        const std::string_view line = lines.next();
        if (doubled ? closing && line == dashes : line.empty()) {
            if (doubled) {
                expected.resize(expected.size() - dashes.size() - 1);
                if (!lines.done() && lines.peek().empty()) {
                    lines.next();
                }
            }
            return;
        }
        closing = line == dashes;
        expected.append(line).push_back('\n');
    }
    if (doubled) {
        lines.fail("output opened by two lines of dashes is not closed by two");
    }
}

}  // namespace

std::string Script::where(std::size_t line) const {
    return fmt::format("{}:{}", name, line);
}

Script parse_script(std::string name, std::string_view text) {
    Script script{std::move(name), {}, {}};
    Lines lines(script, text);
    if (text.size() > ScriptLimits::bytes) {
        lines.fail(fmt::format("more than {} bytes", ScriptLimits::bytes));
    }
    Block block;
    while (!lines.done()) {
        const std::string_view line = lines.next();
        const bool command = !blank(line) && line.front() != '#';
        if (line == dashes) {
            if (block.lines.empty()) {
                lines.fail("an output without a command before it");
            }
            read_expected(lines, block.expected);
            script.blocks.push_back(std::move(block));
            block = {};
            continue;
        }
        block.head.append(line).push_back('\n');
        if (command) {
            if (block.lines.empty()) {
                block.line = lines.number();
            }
            if (block.lines.size() == ScriptLimits::block_lines) {
                lines.fail(fmt::format("more than {} lines in a block", ScriptLimits::block_lines));
            }
            block.lines.emplace_back(line);
        } else if (!block.lines.empty()) {
            lines.fail("a command without \"----\" and its output after it");
        }
    }
    if (!block.lines.empty()) {
        lines.fail("a command without \"----\" and its output after it");
    }
    script.tail = std::move(block.head);
    return script;
}

std::string render_script(const Script& script, const std::vector<std::string>& outputs) {
    std::string text;
    for (std::size_t i = 0; i < script.blocks.size(); ++i) {
        const std::string& output = i < outputs.size() ? outputs[i] : script.blocks[i].expected;
        const bool doubled = output.starts_with('\n') || output.find("\n\n") != std::string::npos;
        const std::string mark = doubled ? "----\n----\n" : "----\n";
        text += script.blocks[i].head + mark + output + (doubled ? mark : "");
        if (i + 1 < script.blocks.size() || !script.tail.empty()) {
            text += '\n';
        }
    }
    return text + script.tail;
}

std::uint64_t parse_number(const std::string& where, const std::string& word) {
    std::uint64_t value = 0;
    const char* end = word.data() + word.size();
    const auto [rest, error] = std::from_chars(word.data(), end, value);
    if (word.empty() || error != std::errc{} || rest != end || value > ScriptLimits::number) {
        throw ScriptError(fmt::format(
            "{}: \"{}\" is not a whole number up to {}", where, word, ScriptLimits::number));
    }
    return value;
}

Command parse_command(std::string where, std::string_view line) {
    Command command;
    command.where = std::move(where);
    std::size_t at = 0;
    for (std::size_t words = 0;; ++words) {
        at = line.find_first_not_of(" \t", at);
        if (at == std::string_view::npos) {
            break;
        }
        if (words == ScriptLimits::words) {
            command.fail(fmt::format("more than {} words", ScriptLimits::words));
        }
        const std::size_t gap = std::min(line.find_first_of(" \t", at), line.size());
        const std::size_t open = std::min(line.find("=(", at), line.size());
        std::size_t end = gap;
        if (open < gap) {
            end = line.find(')', open);
            if (end == std::string_view::npos) {
                command.fail("\"(\" without \")\"");
            }
            ++end;
        }
        const std::string word(line.substr(at, end - at));
        at = end;
        const std::size_t equals = word.find('=');
        if (words == 0) {
            command.name = word;
        } else if (equals == std::string::npos || equals == 0) {
            command.positional.push_back(word);
        } else {
            std::string list = word.substr(equals + 1);
            if (list.starts_with('(')) {
                list = list.substr(1, list.size() - 2);
            }
            std::vector<std::string> values;
            for (std::size_t from = 0; from <= list.size();) {
                const std::size_t comma = std::min(list.find(',', from), list.size());
                values.push_back(list.substr(from, comma - from));
                from = comma + 1;
            }
            if (list.empty()) {
                values.clear();
            }
            const std::string key = word.substr(0, equals);
            if (!command.options.emplace(key, std::move(values)).second) {
                command.fail(fmt::format("{}= appears twice", key));
            }
        }
    }
    if (command.name.empty()) {
        command.fail("no command");
    }
    return command;
}

void Command::fail(const std::string& problem) const {
    const std::string subject = name.empty() ? "" : name + ": ";
    throw ScriptError(fmt::format("{}: {}{}", where, subject, problem));
}

std::optional<std::string> Command::option(const std::string& key) const {
    const auto found = options.find(key);
    if (found == options.end()) {
        return std::nullopt;
    }
    if (found->second.size() != 1) {
        fail(fmt::format("{}= wants one value", key));
    }
    return found->second.front();
}

std::uint64_t Command::number(std::size_t position) const {
    if (position >= positional.size()) {
        fail(fmt::format("wants a number as word {}", position + 1));
    }
    return parse_number(where, positional[position]);
}

std::uint64_t Command::number_of(const std::string& key, std::uint64_t otherwise) const {
    const std::optional<std::string> word = option(key);
    return word ? parse_number(where, *word) : otherwise;
}

std::vector<std::uint64_t> Command::numbers_of(const std::string& key) const {
    std::vector<std::uint64_t> numbers;
    if (const auto found = options.find(key); found != options.end()) {
        for (const std::string& word : found->second) {
            numbers.push_back(parse_number(where, word));
        }
    }
    return numbers;
}

void Command::allow(const std::vector<std::string>& keys, std::size_t most) const {
    for (const auto& [key, values] : options) {
        if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
            fail(
                keys.empty()
                    ? fmt::format("{}= is not known here", key)
                    : fmt::format("{}= is not known here; known: {}=", key, fmt::join(keys, "= ")));
        }
    }
    if (positional.size() > most) {
        fail(fmt::format("\"{}\" is one word too many", positional[most]));
    }
}

}  // namespace squall::raft::test
