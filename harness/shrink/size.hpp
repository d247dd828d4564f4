// How large a plan is, for people and for telling whether shrinking gets anywhere.
#pragma once

#include <cstddef>
#include <string>

#include "harness/plan.hpp"

namespace squall::harness::shrink {

struct Size {
    std::size_t faults = 0;
    std::size_t operations = 0;  ///< Of the main phase.
    std::uint32_t nodes = 0;
    Duration length{};  ///< Of the main phase.
    friend bool operator==(const Size&, const Size&) = default;
};

/// Of a plan that lists its operations; of others `operations` is the number that its run made.
[[nodiscard]] Size size_of(const Plan& plan, std::size_t operations);

/// "33 faults, 4512 operations, 5 nodes, 30.000 s".
[[nodiscard]] std::string to_text(const Size& size);

}  // namespace squall::harness::shrink
