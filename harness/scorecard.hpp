// How well detectors find bugs that are known to be there: for each bug, after how many seeds it
// was first convicted, in several independent series, and by whom. Pure: it counts, and says what
// came of it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace squall::harness {

/// One detector's verdict *invalid* over one run.
struct Finding {
    std::string detector;  ///< Its name in the registry of judge.cpp.
    std::string check;     ///< Such as election-safety.
    std::string reason;
};

/// Where a series of seeds came to a conviction.
struct Conviction {
    Finding finding;
    std::uint64_t seed = 0;
    std::uint64_t seeds = 0;  ///< Tried until then, this one included.
    double seconds = 0;
};

struct BugScore {
    std::string slug;
    std::string what;
    std::string source;
    std::string breaks;
    std::string expected;  ///< The detector that should find it.
    /// Of independent seeds, all detectors together; nothing: not within the tries.
    std::vector<std::optional<Conviction>> series;
    /// Each detector alone, the core's own assertions off; over the first series.
    std::map<std::string, std::optional<Conviction>> alone;
    std::uint64_t alone_seeds = 0;  ///< Tried for `alone`, at most.

    [[nodiscard]] bool convicted() const { return !series.empty() && series.front().has_value(); }
};

struct Scorecard {
    std::string tier;  ///< sim or process.
    std::uint64_t base = 0;
    std::uint64_t tries = 0;  ///< At most, of each series.
    std::vector<BugScore> bugs;
};

/// The number of seeds that `share` of the series needed at most; nothing when fewer convicted.
[[nodiscard]] std::optional<std::uint64_t> quantile(const BugScore& score, double share);

/// A table for people, with a summary.
[[nodiscard]] std::string to_text(const Scorecard& card);

[[nodiscard]] std::string to_json(const Scorecard& card);

}  // namespace squall::harness
