// Everything that a comparison found, as one value: what the reports are made from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/compare/changes.hpp"
#include "harness/compare/decider.hpp"
#include "harness/compare/metrics.hpp"
#include "harness/compare/neighbours.hpp"
#include "harness/compare/paired_difference.hpp"

namespace squall::harness::compare {

inline constexpr int comparison_version = 1;

struct Side {
    std::string name;    ///< As the user named it: a revision, a file, a command.
    std::string commit;  ///< What the revision means; empty for others.
    std::string tree;    ///< Of what was built; empty for commands.
};

/// How often a shrunk plan fails, measured: on the patch, and on the base.
struct Reproduced {
    std::uint64_t failed = 0;
    std::uint64_t runs = 0;
    std::uint64_t base_failed = 0;
    std::uint64_t base_runs = 0;
};

/// A failure that was kept.
struct KeptFailure {
    std::string check;
    PairTier tier = PairTier::simulator;
    std::string profile;
    std::uint64_t seed = 0;
    bool patch = true;  ///< Whose it is; else the base's.
    std::string reason;
    std::vector<std::string> details;      ///< The counterexample, in words.
    std::string directory;                 ///< Of the run, within the comparison's own.
    std::string shrunk;                    ///< What is left of it, in words; empty: not shrunk.
    std::string base_on_shrunk;            ///< What the base does with that; empty: not asked.
    std::string not_shrunk;                ///< Why not, in words; empty: it was, or was not tried.
    std::optional<Reproduced> reproduced;  ///< Of what is left; nothing: it was not shrunk.
    std::string replay;                    ///< The command.
};

struct MetricDifference {
    PairTier tier = PairTier::simulator;
    Metric metric;
    PairedDifference difference;
};

struct Comparison {
    std::string version;
    std::string command;  ///< That repeats it.
    Side base;
    Side patch;
    std::uint64_t seed = 0;
    std::vector<ChangedFile> changes;    ///< In raft/.
    std::vector<std::string> not_taken;  ///< Files that the patch changes elsewhere.
    std::vector<std::string> remarks;    ///< What a reader must know, a sentence each.
    std::vector<std::string> targets;    ///< "elections: weight 4", and why.
    std::vector<Neighbour> neighbours;   ///< Documented bugs that sit where the patch changes.
    Decision decision;
    Decider decider;
    std::vector<KeptFailure> failures;
    std::vector<MetricDifference> metrics;
    double alpha_of_interval = 0.05;  ///< Of each interval.
    double build_seconds = 0;
    double compare_seconds = 0;
    double budget_seconds = 0;
    bool interrupted = false;
};

/// What a terminal shows.
[[nodiscard]] std::string to_text(const Comparison& comparison, const std::string& directory);

/// For a pull request.
[[nodiscard]] std::string to_markdown(const Comparison& comparison);

/// docs/comparing.md is its reference.
[[nodiscard]] std::string to_json(const Comparison& comparison);

[[nodiscard]] std::string to_junit(const Comparison& comparison);

}  // namespace squall::harness::compare
