#include "harness/suite/summary.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "harness/suite/cell_course.hpp"

namespace squall::harness::suite {
namespace {

using store::AttemptRow;
using store::AttemptState;
using store::CellRow;
using store::CellState;
using store::FailureRow;

std::vector<CellLine> cell_lines(const SuitePast& past) {
    std::vector<CellLine> lines;
    std::map<store::RowId, std::size_t> position;
    for (const CellRow& cell : past.cells) {
        position[cell.id] = lines.size();
        lines.push_back({.name = cell.name,
                         .state = cell.state,
                         .verdict = cell.verdict,
                         .reason = cell.reason,
                         .kept = {}});
    }
    for (const AttemptRow& attempt : past.attempts) {
        if (attempt.state != AttemptState::ended) {
            continue;
        }
        CellLine& line = lines.at(position.at(attempt.cell));
        ++line.attempts;
        line.seeds += attempt.seeds;
        line.ok_operations += attempt.ok_operations;
        line.duration_s += static_cast<double>(attempt.duration_ms) / 1000;
        line.failures += attempt.verdict == "invalid" ? 1U : 0U;
        if (attempt.bytes > 0 && attempt.verdict != "valid") {
            const bool worst = worse_verdict(attempt.verdict, line.verdict) == attempt.verdict;
            line.kept.insert(worst ? line.kept.begin() : line.kept.end(), attempt.directory);
        }
    }
    return lines;
}

Night night_of(const SuitePast& past, const std::vector<FailureRow>& failures) {
    Night night;
    night.suite = past.suite.id;
    night.started = past.suite.started;
    night.version = past.suite.version;
    night.verdict =
        past.suite.verdict.empty() ? store::to_string(past.suite.state) : past.suite.verdict;
    night.elapsed_s = static_cast<double>(past.suite.elapsed_ms) / 1000;
    for (const CellRow& cell : past.cells) {
        ++night.cells[cell.state == CellState::done ? cell.verdict : store::to_string(cell.state)];
    }
    for (const AttemptRow& attempt : past.attempts) {
        night.seeds += attempt.seeds;
    }
    std::set<std::string> signatures;
    for (const FailureRow& failure : failures) {
        if (failure.suite == past.suite.id) {
            signatures.insert(failure.failure.signature);
        }
    }
    night.groups = signatures.size();
    return night;
}

triage::NightSeeds seeds_of(const SuitePast& past) {
    triage::NightSeeds night{past.suite.id, {}};
    std::map<store::RowId, std::string> names;
    for (const CellRow& cell : past.cells) {
        names[cell.id] = cell.name;
    }
    for (const AttemptRow& attempt : past.attempts) {
        night.seeds[names.at(attempt.cell)] += attempt.seeds;
    }
    return night;
}

/// The worst cell's; a cell that was not run leaves something unknown.
std::string verdict_of(const std::vector<CellLine>& cells) {
    std::string verdict = "valid";
    for (const CellLine& cell : cells) {
        if (cell.state != CellState::done) {
            verdict = worse_verdict(verdict, "unknown");
        } else if (cell.verdict != "quarantined") {
            verdict = worse_verdict(verdict, cell.verdict);
        }
    }
    return verdict;
}

}  // namespace

std::size_t SuiteSummary::count(const std::string& wanted) const {
    return static_cast<std::size_t>(std::ranges::count_if(cells, [&](const CellLine& cell) {
        return cell.state == CellState::done ? cell.verdict == wanted : wanted == "not_run";
    }));
}

std::uint64_t SuiteSummary::seeds() const {
    std::uint64_t total = 0;
    for (const CellLine& cell : cells) {
        total += cell.seeds;
    }
    return total;
}

std::string quarantine_of(const std::vector<Quarantine>& quarantine,
                          const std::string& cell,
                          const std::string& check,
                          const std::string& signature,
                          const std::string& today) {
    for (const Quarantine& entry : quarantine) {
        // Days in this form compare like their texts.
        const bool over = !entry.until.empty() && entry.until < today;
        if (!over && matches(entry.cell, cell) && matches(entry.check, check) &&
            matches(entry.signature, signature)) {
            return entry.reason;
        }
    }
    return "";
}

SuiteSummary summarise(const std::vector<SuitePast>& nights,
                       const std::vector<FailureRow>& failures,
                       const SuiteFile& file,
                       const std::vector<LeftOut>& left_out,
                       const std::string& today) {
    const SuitePast& past = nights.back();
    SuiteSummary summary;
    summary.suite = past.suite;
    summary.left_out = left_out;
    summary.cells = cell_lines(past);
    std::map<std::string, std::string> quarantined;  // By signature, when all of it is.
    std::map<std::string, std::pair<std::size_t, std::string>> by_cell;
    std::set<std::string> counted;
    for (const FailureRow& row : failures) {
        if (row.suite != past.suite.id) {
            continue;
        }
        const store::NewFailure& failure = row.failure;
        std::string why =
            quarantine_of(file.quarantine, row.cell, failure.check, failure.signature, today);
        if (why.empty()) {
            counted.insert(failure.signature);
            continue;
        }
        auto& [number, reason] = by_cell[row.cell];
        ++number;
        reason = why;
        quarantined[failure.signature] = std::move(why);
    }
    for (CellLine& cell : summary.cells) {
        const auto found = by_cell.find(cell.name);
        if (found != by_cell.end() && found->second.first == cell.failures &&
            cell.verdict == "invalid") {
            cell.verdict = "quarantined";
            cell.reason = fmt::format("quarantined: {}; {}", found->second.second, cell.reason);
        }
    }
    std::vector<triage::NightSeeds> seeds;
    for (const SuitePast& night : nights) {
        seeds.push_back(seeds_of(night));
        summary.nights.push_back(night_of(night, failures));
    }
    for (triage::Group& group : triage::group_failures(failures, seeds)) {
        std::string why = counted.contains(group.signature) ? "" : quarantined[group.signature];
        summary.groups.push_back({std::move(group), std::move(why)});
    }
    summary.verdict = verdict_of(summary.cells);
    summary.nights.back().verdict = summary.verdict;
    return summary;
}

int exit_code(const SuiteSummary& summary) {
    if (summary.verdict == "valid") {
        return 0;
    }
    return summary.verdict == "invalid" ? 1 : (summary.verdict == "unknown" ? 2 : 3);
}

}  // namespace squall::harness::suite
