// How values stand in the columns of the store.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>

#include "harness/failure.hpp"
#include "harness/store/results_store.hpp"

namespace squall::harness::store {

/// SQLite's integers have a sign, so seeds are text.
[[nodiscard]] inline std::string unsigned_text(std::uint64_t value) {
    return std::to_string(value);
}

[[nodiscard]] std::uint64_t unsigned_of(const std::string& text);

[[nodiscard]] inline std::int64_t signed_of(std::uint64_t value) {
    return static_cast<std::int64_t>(value);
}

/// Throws Failure on a word that is none of them.
template <typename Enum>
Enum read_enum(const std::string& text, std::initializer_list<Enum> values) {
    for (const Enum value : values) {
        if (text == to_string(value)) {
            return value;
        }
    }
    throw Failure("the results store holds a state that is not known: " + text);
}

}  // namespace squall::harness::store
