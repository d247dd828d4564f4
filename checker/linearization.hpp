// An order in which operations took effect, as far as it goes, as words for people.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace squall::checker {

struct Blocked {
    std::uint64_t operation = 0;  ///< Index of its invocation.
    std::string why;              ///< "returned 3, but the state is 5".
    friend bool operator==(const Blocked&, const Blocked&) = default;
};

struct LinearizedStep {
    std::uint64_t operation = 0;  ///< Index of its invocation.
    std::string state;            ///< After it, as text.
    friend bool operator==(const LinearizedStep&, const LinearizedStep&) = default;
};

struct PartialLinearization {
    std::string initial;  ///< State before the first step, as text.
    std::vector<LinearizedStep> steps;
    /// Those that real time allows to come next, none of which does.
    std::vector<Blocked> blocked;
    friend bool operator==(const PartialLinearization&, const PartialLinearization&) = default;
};

}  // namespace squall::checker
