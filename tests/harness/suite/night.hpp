// A night with a bit of everything, as the store would hold it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/suite/summary.hpp"

namespace squall::harness::suite {

struct CellOfNight {
    std::string name;
    std::string verdict;  ///< Empty: not run.
    std::uint64_t seeds = 10;
};

inline SuitePast night(store::RowId id, const std::vector<CellOfNight>& cells) {
    SuitePast past;
    past.suite.id = id;
    past.suite.name = "night";
    past.suite.version = "v1";
    past.suite.directory = "/runs/night-" + std::to_string(id);
    past.suite.started = 1'700'000'000'000 + id * 86'400'000;
    past.suite.elapsed_ms = 300'000;
    past.suite.verdict = "valid";
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto row = id * 100 + static_cast<store::RowId>(i);
        const bool done = !cells[i].verdict.empty();
        past.cells.push_back({.id = row,
                              .ordinal = static_cast<std::uint32_t>(i),
                              .name = cells[i].name,
                              .state = done ? store::CellState::done : store::CellState::not_run,
                              .verdict = cells[i].verdict,
                              .reason = cells[i].verdict == "valid" ? "" : "<because> & so on"});
        if (done) {
            store::AttemptRow attempt;
            attempt.id = row;
            attempt.cell = row;
            attempt.number = 1;
            attempt.state = store::AttemptState::ended;
            attempt.seeds = cells[i].seeds;
            attempt.ok_operations = 5;
            attempt.verdict = cells[i].verdict;
            attempt.directory = "cells/" + std::to_string(i) + "/1";
            attempt.duration_ms = 2000;
            attempt.bytes = cells[i].verdict == "valid" ? 0 : 100;
            past.attempts.push_back(attempt);
        }
    }
    return past;
}

inline store::FailureRow failure(store::RowId suite,
                                 const std::string& cell,
                                 const std::string& signature,
                                 double cost_s = 1) {
    store::FailureRow row;
    static store::RowId next = 0;
    row.id = ++next;
    row.suite = suite;
    row.cell = cell;
    row.directory = "/runs/night-" + std::to_string(suite) + "/cells/0/1";
    row.at = 1'700'000'000'000 + suite * 86'400'000;
    row.failure.signature = signature;
    row.failure.check = "linearizable";
    row.failure.reason = "key k1: <bad>";
    row.failure.faults = "kill";
    row.failure.command = "scripts/squall sim --plan x";
    row.failure.cost_s = cost_s;
    return row;
}

inline SuiteSummary summary_of_nights(const std::vector<SuitePast>& nights,
                                      const std::vector<store::FailureRow>& failures,
                                      const std::vector<Quarantine>& quarantine = {}) {
    SuiteFile file;
    file.quarantine = quarantine;
    return summarise(nights, failures, file, {{"sim/x", "<cannot> be"}}, "2026-11-22");
}

}  // namespace squall::harness::suite
