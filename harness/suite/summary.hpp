// What a suite came to, as one value: every output is made from it. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/store/results_store.hpp"
#include "harness/suite/cells.hpp"
#include "harness/suite/suite_file.hpp"
#include "harness/triage/groups.hpp"

namespace squall::harness::suite {

inline constexpr int summary_version = 1;

struct CellLine {
    std::string name;
    store::CellState state = store::CellState::pending;
    std::string verdict;  ///< valid, invalid, unknown, void, quarantined; empty: not run.
    std::string reason;
    std::size_t attempts = 0;
    std::uint64_t seeds = 0;
    std::uint64_t ok_operations = 0;
    double duration_s = 0;
    std::size_t failures = 0;
    /// Directories of attempts that are kept, relative to the suite's, worst first.
    std::vector<std::string> kept;
};

struct SuiteGroup {
    triage::Group group;
    std::string quarantined;  ///< Not empty: why it does not count.
};

/// One suite in the row of nights, for the trend.
struct Night {
    store::RowId suite = 0;
    store::UnixMs started = 0;
    std::string version;
    std::string verdict;
    double elapsed_s = 0;
    std::uint64_t seeds = 0;
    std::map<std::string, std::size_t> cells;  ///< By verdict.
    std::size_t groups = 0;                    ///< Different signatures.
};

struct SuiteSummary {
    store::SuiteRow suite;
    std::string verdict;  ///< valid, invalid, unknown, void.
    std::vector<CellLine> cells;
    std::vector<SuiteGroup> groups;
    std::vector<Night> nights;  ///< Oldest first; the last one is this suite.
    std::vector<LeftOut> left_out;
    std::string command;  ///< That runs the suite again.

    [[nodiscard]] std::size_t count(const std::string& verdict) const;
    [[nodiscard]] std::uint64_t seeds() const;
};

/// What the store holds about a suite and those before it.
struct SuitePast {
    store::SuiteRow suite;
    std::vector<store::CellRow> cells;
    std::vector<store::AttemptRow> attempts;
};

/// Why the failure does not count; empty when it does. `today`: as 2026-12-31.
[[nodiscard]] std::string quarantine_of(const std::vector<Quarantine>& quarantine,
                                        const std::string& cell,
                                        const std::string& check,
                                        const std::string& signature,
                                        const std::string& today);

/// `nights`: oldest first, the last one is the suite that it is about.
[[nodiscard]] SuiteSummary summarise(const std::vector<SuitePast>& nights,
                                     const std::vector<store::FailureRow>& failures,
                                     const SuiteFile& file,
                                     const std::vector<LeftOut>& left_out,
                                     const std::string& today);

/// 0 valid, 1 invalid, 2 unknown, 3 void.
[[nodiscard]] int exit_code(const SuiteSummary& summary);

}  // namespace squall::harness::suite
