#include "harness/cli/suite_ledger.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <system_error>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "harness/cli/suite_attempt.hpp"
#include "harness/cli/suite_owner.hpp"
#include "harness/failure.hpp"

namespace squall::harness::cli {
namespace {

using store::AttemptRow;
using store::AttemptState;
using store::CellState;

void remove_directory(const std::string& path) {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
}

}  // namespace

SuiteLedger::SuiteLedger(store::ResultsStore& store,
                         const store::SuiteRow& suite,
                         const std::vector<suite::Cell>& cells,
                         const suite::CourseLimits& limits)
    : store_(store), suite_(suite), cells_(cells), limits_(limits) {
    std::map<store::RowId, std::uint32_t> ordinals;
    for (const store::CellRow& row : store_.cells(suite_.id)) {
        ordinals[row.id] = row.ordinal;
        views_.push_back({row.id, row.state, {}, 0});
    }
    if (views_.size() != cells_.size()) {
        throw Failure("the results store has other cells for this suite; begin anew with --fresh");
    }
    for (AttemptRow& attempt : store_.attempts(suite_.id)) {
        View& view = views_.at(ordinals.at(attempt.cell));
        ++view.number;
        seeds_ += attempt.seeds;
        failures_ += attempt.verdict == "invalid" ? 1U : 0U;
        if (attempt.state == AttemptState::ended) {
            if (attempt.verdict == "valid" && attempt.bytes > 0) {
                // Whoever ended it was killed before it could be deleted.
                remove_directory(suite_.directory + "/" + attempt.directory);
                store_.mark_deleted(attempt.id);
            }
            view.ended.push_back(std::move(attempt));
        } else {
            remove_directory(suite_.directory + "/" + attempt.directory);
        }
    }
}

bool SuiteLedger::pending(std::uint32_t cell) const {
    return views_[cell].state == CellState::pending;
}

std::size_t SuiteLedger::ended_cells() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        views_, [](const View& view) { return view.state != CellState::pending; }));
}

std::uint64_t SuiteLedger::first_seed(std::uint32_t cell) const {
    return suite::first_seed_of(suite_.seed, cells_[cell].name);
}

suite::NextStep SuiteLedger::next(std::uint32_t cell, double left_s) const {
    return suite::next_step(cells_[cell], views_[cell].ended, left_s, first_seed(cell), limits_);
}

SuiteLedger::Begun SuiteLedger::begin(std::uint32_t cell, std::uint64_t seed) {
    View& view = views_[cell];
    const std::string relative = fmt::format("cells/{:04}/{}", cell, view.number + 1);
    const store::RowId attempt = store_.begin_attempt(view.row, seed, relative, unix_ms());
    ++view.number;
    return {attempt, suite_.directory + "/" + relative};
}

suite::NextStep SuiteLedger::end(std::uint32_t cell,
                                 const Begun& begun,
                                 std::uint64_t seed,
                                 store::AttemptEnd ended,
                                 double left_s) {
    View& view = views_[cell];
    ended.bytes = bytes_in(begun.directory);
    AttemptRow row;
    row.id = begun.attempt;
    row.cell = view.row;
    row.number = view.number;
    row.state = AttemptState::ended;
    row.first_seed = seed;
    row.seeds = ended.seeds;
    row.verdict = ended.verdict;
    row.reason = ended.reason;
    row.duration_ms = ended.duration_ms;
    view.ended.push_back(std::move(row));
    suite::NextStep after = next(cell, left_s);
    const auto* done = std::get_if<store::CellEnd>(&after);
    store_.end_attempt(begun.attempt, ended, done == nullptr ? std::nullopt : std::optional(*done));
    if (done != nullptr) {
        view.state = done->state;
    }
    if (ended.verdict == "valid") {
        remove_directory(begun.directory);
        store_.mark_deleted(begun.attempt);
    }
    seeds_ += ended.seeds;
    failures_ += ended.failures.size();
    return after;
}

void SuiteLedger::replace_failure(const Begun& begun, const store::NewFailure& failure) {
    store_.replace_failure(begun.attempt, failure, bytes_in(begun.directory));
}

void SuiteLedger::finish(std::uint32_t cell, const store::CellEnd& end) {
    store_.end_cell(views_[cell].row, end);
    views_[cell].state = end.state;
}

void SuiteLedger::give_up(std::uint32_t cell, const std::string& reason) {
    const suite::NextStep step = suite::next_step(
        cells_[cell], views_[cell].ended, 0, first_seed(cell), {0, limits_.failures_max});
    // An earlier session may have begun it.
    const auto* done = std::get_if<store::CellEnd>(&step);
    finish(cell, done != nullptr ? *done : store::CellEnd{CellState::not_run, "", reason});
}

void SuiteLedger::lose_open_attempts() {
    // Nobody else owns the suite, so that what is open becomes lost.
    static_cast<void>(store_.take_over(suite_.id, suite_.owner, suite_.owner));
    for (const AttemptRow& attempt : store_.attempts(suite_.id)) {
        if (attempt.state == AttemptState::lost) {
            remove_directory(suite_.directory + "/" + attempt.directory);
        }
    }
}

}  // namespace squall::harness::cli
