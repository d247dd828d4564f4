#include "harness/cli/whole_number.hpp"

#include <charconv>
#include <cstdint>
#include <system_error>

#include <fmt/format.h>

#include "history/text_input.hpp"

namespace squall::harness::cli {

std::string whole_number_problem(const std::string& text) {
    std::uint64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc{} && stopped == end) {
        return "";
    }
    return fmt::format("\"{}\" is not a whole number below 2^64", history::printable(text));
}

}  // namespace squall::harness::cli
