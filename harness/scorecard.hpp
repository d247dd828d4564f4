// How well detectors find bugs that are known to be there: for each bug, after how many seeds it
// was first convicted, in several independent tries, by whom, and what its failing runs were cut
// down to. Pure: it counts, and says what came of it. The forms that people and programs read are
// in scorecard_text.hpp and scorecard_json.hpp.
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
    friend bool operator==(const Finding&, const Finding&) = default;
};

/// A failing run before and after shrinking.
struct ShrunkRun {
    std::uint64_t faults_before = 0;
    std::uint64_t operations_before = 0;
    std::uint64_t faults = 0;
    std::uint64_t operations = 0;
    std::uint64_t nodes = 0;
    double simulated_seconds = 0;  ///< Length of the shrunk plan.
    std::uint64_t plans = 0;       ///< Tried on the way.
    double seconds = 0;            ///< Taken.
    bool complete = true;          ///< Nothing more was to be tried.
    std::uint64_t again = 0;  ///< How often the shrunk plan, read from its file, was run again.
    std::uint64_t failed_again = 0;  ///< In the same check.
    friend bool operator==(const ShrunkRun&, const ShrunkRun&) = default;
};

/// Where a try came to a conviction.
struct Conviction {
    Finding finding;
    std::uint64_t seed = 0;
    std::uint64_t seeds = 0;  ///< Tried until then, this one included.
    double seconds = 0;
    std::vector<std::string> detectors;  ///< All that found something in this run.
    std::optional<ShrunkRun> shrunk;
    friend bool operator==(const Conviction&, const Conviction&) = default;
};

struct BugScore {
    std::string slug;
    std::string what;
    std::string source;
    std::string breaks;
    std::string expected;  ///< The detector that should find it.
    bool counts = true;    ///< Among the bugs of the totals; the canary does not.
    /// Of independent seeds, all detectors together; nothing: not within the bounds of a try.
    std::vector<std::optional<Conviction>> tries;
    /// Each detector alone, the core's own assertions off; over the seeds of the first try.
    std::map<std::string, std::optional<Conviction>> alone;
    std::uint64_t alone_seeds = 0;  ///< Tried for `alone`, at most.
    std::uint64_t seeds_run = 0;    ///< In all tries together.
    std::uint64_t void_runs = 0;    ///< Those of them that had to be run again.

    /// In every try.
    [[nodiscard]] bool convicted() const;
    friend bool operator==(const BugScore&, const BugScore&) = default;
};

struct Scorecard {
    std::string tier;  ///< sim or process.
    std::uint64_t base = 0;
    std::uint64_t seeds_max = 0;  ///< Of each try.
    double seconds_max = 0;       ///< Of each try; 0: no bound.
    std::vector<BugScore> bugs;
};

inline constexpr double half_of_tries = 0.5;
inline constexpr double most_tries = 0.9;

/// The number of seeds, or of seconds, that `share` of the tries needed at most; nothing when fewer
/// convicted.
[[nodiscard]] std::optional<std::uint64_t> seeds_quantile(const BugScore& score, double share);
[[nodiscard]] std::optional<double> seconds_quantile(const BugScore& score, double share);

/// Of the bug's shrunk runs, in the middle: faults and operations; nothing when none was shrunk.
struct ShrunkSizes {
    std::uint64_t faults_before = 0;
    std::uint64_t operations_before = 0;
    std::uint64_t faults = 0;
    std::uint64_t operations = 0;
};

[[nodiscard]] std::optional<ShrunkSizes> shrunk_sizes(const BugScore& score);

/// Over the bugs that count.
struct Totals {
    std::uint64_t bugs = 0;
    std::uint64_t convicted = 0;
    std::uint64_t tries = 0;
    std::uint64_t tries_convicted = 0;
    std::optional<std::uint64_t> median_seeds;  ///< Of the bugs' medians; a miss counts as worst.
    std::uint64_t most_seeds = 0;               ///< Of any try that convicted.
    bool tried_alone = false;
    std::uint64_t by_histories_alone = 0;
    std::uint64_t shrunk = 0;                        ///< Runs.
    std::optional<std::uint64_t> median_faults;      ///< Of the bugs' medians.
    std::optional<std::uint64_t> median_operations;  ///< Of the bugs' medians.
    std::uint64_t shrunk_that_fail = 0;              ///< Every time they were run again.
    std::uint64_t void_runs = 0;
};

[[nodiscard]] Totals totals(const Scorecard& card);

/// What the project asks of itself.
struct Bar {
    std::string what;
    std::string asked;
    std::string reached;
    bool met = false;
};

/// Those that the scorecard can tell something about. For scorecards of one bug they mean nothing.
[[nodiscard]] std::vector<Bar> bars(const Scorecard& card);

}  // namespace squall::harness
