#include "harness/maelstrom/leader_pattern.hpp"

#include <charconv>

#include <fmt/format.h>

#include "harness/failure.hpp"

namespace squall::harness::maelstrom {

namespace {

/// The library's matcher recurses with the length of what it matches.
constexpr std::size_t line_bytes_max = 1024;

std::regex compile(const std::string& pattern) {
    try {
        std::regex compiled(pattern, std::regex::ECMAScript | std::regex::optimize);
        if (compiled.mark_count() < 1) {
            throw Failure(fmt::format(
                "--leader-pattern '{}': has no group for the term; write it as (\\d+)", pattern));
        }
        return compiled;
    } catch (const std::regex_error& error) {
        throw Failure(fmt::format("--leader-pattern '{}': {}", pattern, error.what()));
    }
}

}  // namespace

LeaderPattern::LeaderPattern(const std::string& pattern) : pattern_(compile(pattern)) {}

std::optional<std::uint64_t> LeaderPattern::term_led(std::string_view line) const {
    line = line.substr(0, line_bytes_max);
    std::match_results<std::string_view::const_iterator> match;
    if (!std::regex_search(line.begin(), line.end(), match, pattern_)) {
        return std::nullopt;
    }
    const std::string term = match[1].str();
    std::uint64_t number = 0;
    const auto parsed = std::from_chars(term.data(), term.data() + term.size(), number);
    return parsed.ec == std::errc() && parsed.ptr == term.data() + term.size()
               ? std::optional(number)
               : std::nullopt;
}

}  // namespace squall::harness::maelstrom
