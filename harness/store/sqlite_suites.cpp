#include <utility>

#include <fmt/format.h>

#include "harness/failure.hpp"
#include "harness/store/sqlite_store.hpp"
#include "harness/store/sqlite_values.hpp"

namespace squall::harness::store {

RowId SqliteStore::begin_suite(const NewSuite& suite, const Owner& owner) {
    Transaction transaction(database_);
    Statement(database_,
              "INSERT INTO suites (name, fingerprint, version, directory, seed, started, "
              "heartbeat, host, boot_id, pid, start_ticks) VALUES (?,?,?,?,?,?,?,?,?,?,?)")
        .bind(suite.name)
        .bind(suite.fingerprint)
        .bind(suite.version)
        .bind(suite.directory)
        .bind(unsigned_text(suite.seed))
        .bind(suite.started)
        .bind(suite.started)
        .bind(owner.host)
        .bind(owner.boot_id)
        .bind(owner.pid)
        .bind(owner.start_ticks)
        .run();
    const RowId id = database_.last_row();
    Statement cell(database_, "INSERT INTO cells (suite, ordinal, name) VALUES (?,?,?)");
    for (std::size_t i = 0; i < suite.cells.size(); ++i) {
        cell.bind(id).bind(signed_of(i)).bind(suite.cells[i]).run();
        cell.reset();
    }
    transaction.commit();
    return id;
}

std::optional<SuiteRow> SqliteStore::unfinished(const std::string& name) {
    Statement asked(database_, suite_columns() + "WHERE name = ? ORDER BY id DESC LIMIT 1");
    asked.bind(name);
    if (!asked.next()) {
        return std::nullopt;
    }
    SuiteRow row = suite_of(asked);
    return row.state == SuiteState::running ? std::optional(std::move(row)) : std::nullopt;
}

bool SqliteStore::take_over(RowId suite, const Owner& last, const Owner& next) {
    Transaction transaction(database_);
    Statement(database_,
              "UPDATE suites SET host = ?, boot_id = ?, pid = ?, start_ticks = ? WHERE id = ? "
              "AND state = 'running' AND host = ? AND boot_id = ? AND pid = ? AND start_ticks "
              "= ?")
        .bind(next.host)
        .bind(next.boot_id)
        .bind(next.pid)
        .bind(next.start_ticks)
        .bind(suite)
        .bind(last.host)
        .bind(last.boot_id)
        .bind(last.pid)
        .bind(last.start_ticks)
        .run();
    if (database_.changed() != 1) {
        return false;
    }
    Statement(database_,
              "UPDATE attempts SET state = 'lost' WHERE state = 'open' AND cell IN "
              "(SELECT id FROM cells WHERE suite = ?)")
        .bind(suite)
        .run();
    transaction.commit();
    return true;
}

bool SqliteStore::heartbeat(RowId suite, const Owner& owner, std::int64_t elapsed_ms, UnixMs now) {
    Statement(database_,
              "UPDATE suites SET heartbeat = ?, elapsed_ms = ? WHERE id = ? AND host = ? AND "
              "boot_id = ? AND pid = ? AND start_ticks = ?")
        .bind(now)
        .bind(elapsed_ms)
        .bind(suite)
        .bind(owner.host)
        .bind(owner.boot_id)
        .bind(owner.pid)
        .bind(owner.start_ticks)
        .run();
    return database_.changed() == 1;
}

void SqliteStore::end_suite(RowId suite,
                            SuiteState state,
                            const std::string& verdict,
                            std::int64_t elapsed_ms,
                            UnixMs now) {
    Statement(database_,
              "UPDATE suites SET state = ?, verdict = ?, elapsed_ms = ?, heartbeat = ?, "
              "ended = ? WHERE id = ?")
        .bind(to_string(state))
        .bind(verdict)
        .bind(elapsed_ms)
        .bind(now)
        .bind(now)
        .bind(suite)
        .run();
}

SuiteRow SqliteStore::suite(RowId suite) {
    Statement asked(database_, suite_columns() + "WHERE id = ?");
    asked.bind(suite);
    if (!asked.next()) {
        throw Failure(fmt::format("the results store has no suite {}", suite));
    }
    return suite_of(asked);
}

std::vector<SuiteRow> SqliteStore::suites(const std::string& name, std::size_t most) {
    Statement asked(database_, suite_columns() + "WHERE name = ? ORDER BY id DESC LIMIT ?");
    asked.bind(name).bind(signed_of(most));
    std::vector<SuiteRow> rows;
    while (asked.next()) {
        rows.push_back(suite_of(asked));
    }
    return rows;
}

std::vector<CellRow> SqliteStore::cells(RowId suite) {
    Statement asked(database_,
                    "SELECT id, ordinal, name, state, verdict, reason FROM cells WHERE suite = "
                    "? ORDER BY ordinal");
    asked.bind(suite);
    std::vector<CellRow> rows;
    while (asked.next()) {
        CellRow row;
        row.id = asked.integer();
        row.ordinal = static_cast<std::uint32_t>(asked.integer());
        row.name = asked.text();
        row.state =
            read_enum(asked.text(), {CellState::pending, CellState::done, CellState::not_run});
        row.verdict = asked.text();
        row.reason = asked.text();
        rows.push_back(std::move(row));
    }
    return rows;
}

std::string SqliteStore::suite_columns() {
    return "SELECT id, name, fingerprint, version, directory, seed, started, heartbeat, ended, "
           "elapsed_ms, state, verdict, host, boot_id, pid, start_ticks FROM suites ";
}

SuiteRow SqliteStore::suite_of(Statement& row) {
    SuiteRow suite;
    suite.id = row.integer();
    suite.name = row.text();
    suite.fingerprint = row.text();
    suite.version = row.text();
    suite.directory = row.text();
    suite.seed = unsigned_of(row.text());
    suite.started = row.integer();
    suite.heartbeat = row.integer();
    suite.ended = row.integer();
    suite.elapsed_ms = row.integer();
    suite.state =
        read_enum(row.text(), {SuiteState::running, SuiteState::finished, SuiteState::abandoned});
    suite.verdict = row.text();
    suite.owner.host = row.text();
    suite.owner.boot_id = row.text();
    suite.owner.pid = row.integer();
    suite.owner.start_ticks = row.integer();
    return suite;
}

}  // namespace squall::harness::store
