// How many random cases a property test tries.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace squall::checker::testing {

/// SQUALL_PROPERTY_CASES, or else `usual`.
inline std::uint64_t property_cases(std::uint64_t usual) {
    const char* asked = std::getenv("SQUALL_PROPERTY_CASES");
    return asked != nullptr ? std::strtoull(asked, nullptr, 10) : usual;
}

}  // namespace squall::checker::testing
