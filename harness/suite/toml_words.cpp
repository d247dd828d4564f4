// Words in suite files: times, and names that were probably meant.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/suite/toml_fields.hpp"

namespace squall::harness::suite {
namespace {

/// Levenshtein's.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0]++;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t above = row[j + 1];
            row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1)});
            diagonal = above;
        }
    }
    return row.back();
}

}  // namespace

std::optional<double> seconds_of(std::string_view text) {
    double amount = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, amount);
    if (error != std::errc{} || stopped + 1 != end || !std::isfinite(amount) || amount < 0) {
        return std::nullopt;
    }
    switch (*stopped) {
        case 's':
            return amount;
        case 'm':
            return amount * 60;
        case 'h':
            return amount * 3600;
        case 'd':
            return amount * 24 * 3600;
        default:
            return std::nullopt;
    }
}

std::string suggestion(std::string_view word, const std::vector<std::string>& names) {
    constexpr std::size_t word_max = 60;
    const std::string* best = nullptr;
    std::size_t closest = std::min<std::size_t>(3, word.size() / 2 + 1);
    for (const std::string& name : names) {
        if (word.size() <= word_max && name.size() <= word_max) {
            if (const std::size_t far = distance(word, name); far < closest) {
                closest = far;
                best = &name;
            }
        }
    }
    if (best != nullptr) {
        return fmt::format("; did you mean \"{}\"?", *best);
    }
    return names.empty() ? "" : fmt::format("; choose from {}", fmt::join(names, ", "));
}

}  // namespace squall::harness::suite
