// What became of one plan on both sides, as the decider sees it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/results.hpp"

namespace squall::harness::compare {

enum class PairTier : std::uint8_t { simulator, processes };

[[nodiscard]] const char* to_string(PairTier tier);

/// What a failed check proves. *safety*: a history or a trace shows it, or a node crashed; no
/// timing makes it right. *service*: something took longer than a bound (progress, availability,
/// convergence, term growth, a simulation without an end), which chance can do to any build.
enum class FindingKind : std::uint8_t { safety, service };

[[nodiscard]] FindingKind kind_of(const std::string& check);

/// The run did not come to its end in the simulator; not a name that a check has.
inline constexpr const char* never_ended = "run-ends";

struct SideOutcome {
    bool judged = false;               ///< Valid or invalid; neither *unknown* nor *void*.
    std::string problem;               ///< Why it was not; empty when it was.
    std::vector<std::string> safety;   ///< Names of the checks that are invalid.
    std::vector<std::string> service;  ///< The same.

    [[nodiscard]] const std::vector<std::string>& findings(FindingKind kind) const {
        return kind == FindingKind::safety ? safety : service;
    }
};

/// Of results; a void run of the simulator has not ended.
[[nodiscard]] SideOutcome outcome_of(const Results& results);

struct PairOutcome {
    PairTier tier = PairTier::simulator;
    std::string profile;
    std::uint64_t seed = 0;
    bool identical = false;  ///< Byte for byte: nothing was judged twice.
    SideOutcome base;
    SideOutcome patch;
};

}  // namespace squall::harness::compare
