#include <utility>

#include <fmt/format.h>

#include "harness/failure.hpp"
#include "harness/store/sqlite_store.hpp"
#include "harness/store/sqlite_values.hpp"

namespace squall::harness::store {

std::vector<AttemptRow> SqliteStore::attempts(RowId suite) {
    Statement asked(
        database_,
        "SELECT a.id, a.cell, a.number, a.state, a.first_seed, a.seeds, a.ok_operations, "
        "a.verdict, a.reason, a.directory, a.started, a.duration_ms, a.bytes FROM attempts a "
        "JOIN cells c ON c.id = a.cell WHERE c.suite = ? ORDER BY a.id");
    asked.bind(suite);
    std::vector<AttemptRow> rows;
    while (asked.next()) {
        AttemptRow row;
        row.id = asked.integer();
        row.cell = asked.integer();
        row.number = static_cast<std::uint32_t>(asked.integer());
        row.state =
            read_enum(asked.text(), {AttemptState::open, AttemptState::ended, AttemptState::lost});
        row.first_seed = unsigned_of(asked.text());
        row.seeds = static_cast<std::uint64_t>(asked.integer());
        row.ok_operations = static_cast<std::uint64_t>(asked.integer());
        row.verdict = asked.text();
        row.reason = asked.text();
        row.directory = asked.text();
        row.started = asked.integer();
        row.duration_ms = asked.integer();
        row.bytes = static_cast<std::uint64_t>(asked.integer());
        rows.push_back(std::move(row));
    }
    return rows;
}

RowId SqliteStore::begin_attempt(RowId cell,
                                 std::uint64_t first_seed,
                                 const std::string& directory,
                                 UnixMs now) {
    Transaction transaction(database_);
    require_pending(cell);
    Statement(database_,
              "INSERT INTO attempts (cell, number, first_seed, directory, started) VALUES (?, "
              "(SELECT count(*) + 1 FROM attempts WHERE cell = ?), ?, ?, ?)")
        .bind(cell)
        .bind(cell)
        .bind(unsigned_text(first_seed))
        .bind(directory)
        .bind(now)
        .run();
    const RowId id = database_.last_row();
    transaction.commit();
    return id;
}

void SqliteStore::end_attempt(RowId attempt,
                              const AttemptEnd& end,
                              const std::optional<CellEnd>& cell_end) {
    Transaction transaction(database_);
    Statement(database_,
              "UPDATE attempts SET state = 'ended', seeds = ?, ok_operations = ?, verdict = ?, "
              "reason = ?, duration_ms = ?, bytes = ? WHERE id = ? AND state = 'open'")
        .bind(signed_of(end.seeds))
        .bind(signed_of(end.ok_operations))
        .bind(end.verdict)
        .bind(end.reason)
        .bind(end.duration_ms)
        .bind(signed_of(end.bytes))
        .bind(attempt)
        .run();
    if (database_.changed() != 1) {
        throw Failure(fmt::format("attempt {} in the results store is not open", attempt));
    }
    Statement asked(
        database_,
        "SELECT c.id, c.name FROM attempts a JOIN cells c ON c.id = a.cell WHERE a.id = ?");
    asked.bind(attempt);
    static_cast<void>(asked.next());
    const RowId cell = asked.integer();
    const std::string name = asked.text();
    add_failures(attempt, end);
    add_coverage(name, end.covered);
    if (cell_end) {
        set_cell(cell, *cell_end);
    }
    transaction.commit();
}

void SqliteStore::replace_failure(RowId attempt, const NewFailure& failure, std::uint64_t bytes) {
    Transaction transaction(database_);
    Statement(database_,
              "UPDATE failures SET signature = ?, violated = ?, reason = ?, evidence = ?, faults = "
              "?, command = ?, cost_s = ?, seed = ? WHERE attempt = ?")
        .bind(failure.signature)
        .bind(failure.check)
        .bind(failure.reason)
        .bind(failure.evidence)
        .bind(failure.faults)
        .bind(failure.command)
        .bind(failure.cost_s)
        .bind(unsigned_text(failure.seed))
        .bind(attempt)
        .run();
    if (const auto rows = database_.changed(); rows != 1) {
        throw Failure(
            fmt::format("attempt {} in the results store has {} failures", attempt, rows));
    }
    Statement(database_, "UPDATE attempts SET bytes = ? WHERE id = ?")
        .bind(signed_of(bytes))
        .bind(attempt)
        .run();
    transaction.commit();
}

void SqliteStore::end_cell(RowId cell, const CellEnd& end) {
    Transaction transaction(database_);
    set_cell(cell, end);
    transaction.commit();
}

void SqliteStore::mark_deleted(RowId attempt) {
    Statement(database_, "UPDATE attempts SET bytes = 0 WHERE id = ?").bind(attempt).run();
}

void SqliteStore::require_pending(RowId cell) {
    Statement asked(database_, "SELECT state, name FROM cells WHERE id = ?");
    asked.bind(cell);
    if (!asked.next()) {
        throw Failure(fmt::format("the results store has no cell {}", cell));
    }
    const std::string state = asked.text();
    if (state != to_string(CellState::pending)) {
        throw Failure(fmt::format("cell {} has had its turn: it is {}", asked.text(), state));
    }
}

void SqliteStore::set_cell(RowId cell, const CellEnd& end) {
    require_pending(cell);
    Statement(database_, "UPDATE cells SET state = ?, verdict = ?, reason = ? WHERE id = ?")
        .bind(to_string(end.state))
        .bind(end.verdict)
        .bind(end.reason)
        .bind(cell)
        .run();
}

void SqliteStore::add_failures(RowId attempt, const AttemptEnd& end) {
    for (const NewFailure& failure : end.failures) {
        Statement(database_,
                  "INSERT INTO failures (attempt, at, signature, violated, reason, evidence, "
                  "faults, command, cost_s, seed) VALUES (?,?,?,?,?,?,?,?,?,?)")
            .bind(attempt)
            .bind(end.at)
            .bind(failure.signature)
            .bind(failure.check)
            .bind(failure.reason)
            .bind(failure.evidence)
            .bind(failure.faults)
            .bind(failure.command)
            .bind(failure.cost_s)
            .bind(unsigned_text(failure.seed))
            .run();
    }
}

void SqliteStore::add_coverage(const std::string& cell, const Coverage& covered) {
    for (const auto& [pair, times] : covered) {
        Statement(database_,
                  "INSERT INTO coverage (cell, fault, state, times) VALUES (?,?,?,?) ON "
                  "CONFLICT DO UPDATE SET times = times + excluded.times")
            .bind(cell)
            .bind(pair.first)
            .bind(pair.second)
            .bind(signed_of(times))
            .run();
    }
}

}  // namespace squall::harness::store
