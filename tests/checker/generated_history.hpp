// Random register histories: valid ones from a register that really is atomic, and arbitrary ones
// that may be anything.
#pragma once

#include <cstdint>
#include <ostream>
#include <vector>

#include "history/operation.hpp"

namespace squall::checker::testing {

struct GeneratedShape {
    std::uint64_t seed = 0;
    std::size_t operations = 200;
    std::size_t concurrency = 5;
    double crash = 0;          ///< Share of mutations whose outcome stays unknown.
    std::uint64_t values = 0;  ///< Size of the value domain; 0: every written value is new.
    std::string key = "x";

    /// Keeps the names of parameterised tests readable.
    friend std::ostream& operator<<(std::ostream& out, const GeneratedShape& shape) {
        return out << shape.operations << " operations, concurrency " << shape.concurrency
                   << ", crash " << shape.crash << ", values " << shape.values;
    }
};

/// A linearizable history: every operation takes effect at one moment between its invocation and
/// its completion, a crashed one at some later moment or never.
[[nodiscard]] std::vector<history::Operation> generate_valid(const GeneratedShape& shape);

/// Makes one read in the second half return a value that was certainly overwritten before it began.
/// False if the history has no place for it. Wants unique values.
[[nodiscard]] bool make_stale(std::vector<history::Operation>& operations);

/// Arbitrary operations and results over few values, mostly not far from plausible.
[[nodiscard]] std::vector<history::Operation> generate_arbitrary(std::uint64_t seed,
                                                                 std::size_t operations);

}  // namespace squall::checker::testing
