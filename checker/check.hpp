// The verdict lattice and what every detector returns. A verdict is data: running out of budget is
// *unknown*, never *valid*; the worst part wins.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checker/linearization.hpp"

namespace squall::checker {

enum class Verdict : std::uint8_t { valid, unknown, invalid };

[[nodiscard]] const char* to_string(Verdict verdict);

/// invalid beats unknown beats valid.
[[nodiscard]] constexpr Verdict worst(Verdict a, Verdict b) {
    return a < b ? b : a;
}

/// Limits of one search. Steps and bytes, not seconds: equal histories get equal verdicts on every
/// machine.
struct Budget {
    std::uint64_t steps = 50'000'000;
    std::uint64_t bytes = std::uint64_t{1} << 30U;
};

struct Spent {
    std::uint64_t steps = 0;
    std::uint64_t bytes = 0;  ///< Peak.
};

/// One detector's answer.
struct Check {
    std::string name;      ///< What was checked: "linearizable", "election-safety", "progress"...
    std::string detector;  ///< How: "linearizability", "trace", "progress", ...
    Verdict verdict = Verdict::valid;
    /// One sentence for a person; empty when valid and nothing is to be said.
    std::string reason;
    /// More lines: the counterexample in words, the contradicting trace events...
    std::vector<std::string> details;
    /// Indices of history events that show it (empty for findings outside the history).
    std::vector<std::uint64_t> evidence;
    /// Of what the evidence shows: as much of it as some order explains.
    std::optional<PartialLinearization> linearization;
    Spent spent;
};

[[nodiscard]] Verdict worst(std::span<const Check> checks);

}  // namespace squall::checker
