// Turns what a run left behind into results: runs every detector over the record and merges their
// verdicts. Pure. A detector is one entry of the table in judge.cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checker/check.hpp"
#include "harness/results.hpp"
#include "harness/run_record.hpp"

namespace squall::harness {

/// What a detector looks at: the record and its operations, paired once for all.
struct Evidence {
    const RunRecord& record;
    const std::vector<history::Operation>& operations;
    const checker::Budget& budget;
};

/// One line of the registry.
struct Detector {
    std::string_view name;
    std::string_view description;
    std::vector<checker::Check> (*run)(const Evidence&);
    /// Asks what only a run that came to its end can answer; left out when the run is void.
    bool needs_complete_run = false;
};

[[nodiscard]] std::span<const Detector> detectors();

struct JudgeOptions {
    checker::Budget budget;
    std::string version;
    std::string command = "run";  ///< run or sim: for the line that reproduces it.
    std::span<const Detector> detectors = harness::detectors();
};

[[nodiscard]] Results judge(const RunRecord& record, const JudgeOptions& options);

/// The verdict over a bare history: linearizability under a model, nothing about faults or traces.
[[nodiscard]] std::vector<checker::Check> judge_history(std::span<const history::Event> events,
                                                        std::string_view model,
                                                        const checker::Budget& budget);

}  // namespace squall::harness
