// The one value that every report is made from: what was asked, what happened, and what the
// detectors said.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checker/check.hpp"
#include "harness/run_record.hpp"
#include "harness/run_size.hpp"

namespace squall::harness {

inline constexpr int results_version = 1;

enum class RunVerdict : std::uint8_t { valid, unknown, invalid, void_run };

[[nodiscard]] const char* to_string(RunVerdict verdict);

/// 0 valid, 1 invalid, 2 unknown, 3 void.
[[nodiscard]] int exit_code(RunVerdict verdict);

struct OperationCounts {
    std::uint64_t ok = 0;
    std::uint64_t fail = 0;
    std::uint64_t info = 0;
};

/// One class of faults over a run.
struct FaultSummary {
    std::uint64_t injected = 0;
    std::uint64_t skipped = 0;
    std::map<std::string, std::int64_t> effect;  ///< Sums.
};

/// How often a plan failed when it was run again and again, measured. Of a run that was shrunk what
/// happened in it was run again: its operations and its faults, at the same times.
struct Reproduction {
    std::string check;  ///< What failed.
    std::uint64_t failed = 0;
    std::uint64_t runs = 0;
    /// The run that it was shrunk from, before.
    std::uint64_t failed_before = 0;
    std::uint64_t runs_before = 0;
};

/// What shrinking came to; the run that it began with and what is left of it both know.
struct Shrinkage {
    RunSize before;
    RunSize after;
    bool complete = true;  ///< The search ended by itself.
    /// How often what is left failed again; 0 of 0: that was not tried.
    std::uint64_t failed = 0;
    std::uint64_t runs = 0;
};

struct Results {
    std::string version;
    /// run or sim; check for a history alone, whose plan has its model as the workload and its file
    /// as the program.
    std::string command;
    Plan plan;
    /// The plan was read from a file: its flags and seed do not ask for it again.
    bool plan_given = false;
    /// Where the run is kept; empty: nobody said. Not part of results.json.
    std::string directory;
    std::optional<Reproduction> reproduction;
    /// This run was cut down; what is left of it is kept in shrunk/ within its directory.
    std::optional<Shrinkage> shrunk_to;
    /// This run is what is left of the one that is kept in the directory above its own.
    std::optional<Shrinkage> shrunk_from;
    RunVerdict verdict = RunVerdict::valid;
    /// Why it is not valid, worst first, a sentence each.
    std::vector<std::string> reasons;
    std::vector<checker::Check> checks;
    OperationCounts operations;  ///< Of the main phase.
    OperationCounts final_reads;
    std::map<std::string, OperationCounts> by_function;  ///< Of the main phase.
    std::map<std::string, FaultSummary> faults;
    std::uint64_t events = 0;
    LagFacts lag;
    Duration elapsed{};
    Time monotonic_origin{};           ///< See RunRecord.
    double operations_per_second = 0;  ///< Completed ok, main phase.
};

}  // namespace squall::harness
