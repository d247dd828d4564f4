// Where a run is kept: runs/<UTC time>-<system>-<workload>-<profile>-<seed>/ and runs/latest, or
// --out.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "checker/trace.hpp"
#include "harness/plan.hpp"
#include "harness/report/material.hpp"
#include "harness/results.hpp"
#include "history/event.hpp"

namespace squall::harness::cli {

/// Throws UsageError when `out` exists already, Failure when it could not be made: to be asked
/// before anything is done for a run. Empty: the default, which is always new.
void require_new_directory(const std::string& out);

/// Creates the directory and returns its path. `out` empty: under runs/, with runs/latest pointing
/// at it. Throws UsageError when `out` exists already, Failure when it cannot be made.
[[nodiscard]] std::string make_run_directory(const Plan& plan, const std::string& out);

/// Writes `content` to a file of the run. Throws Failure.
void write_file(const std::string& path, const std::string& content);

/// What the nodes of a run traced and logged.
struct NodeTraces {
    std::vector<checker::TraceRecord> records;  ///< Per node by incarnation and sequence.
    std::vector<report::LogLine> logs;          ///< Those that begin with their time.
    std::vector<NodeMessage> messages;          ///< Of a simulated run.
    std::string problem;                        ///< Not empty: why there are none, or not all.
    std::vector<std::string> unreadable;        ///< Of the problems those of files that are there.
};

/// The trace and log files under nodes/ and messages.jsonl, of a damaged trace what stands before
/// the damage. Never throws: reports do without what cannot be read.
[[nodiscard]] NodeTraces load_node_traces(const std::string& directory, std::uint32_t nodes);

/// report.html, report.md and junit.xml. Each takes the place of an earlier one in one step.
void write_pages(const std::string& directory,
                 const Results& results,
                 std::span<const history::Event> events,
                 const NodeTraces& traces);

/// The same and results.json.
void write_reports(const std::string& directory,
                   const Results& results,
                   std::span<const history::Event> events,
                   const NodeTraces& traces);

}  // namespace squall::harness::cli
