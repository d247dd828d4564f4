#include <utility>

#include "harness/store/sqlite_store.hpp"
#include "harness/store/sqlite_values.hpp"

namespace squall::harness::store {

std::vector<FailureRow> SqliteStore::failures(std::size_t most) {
    Statement asked(
        database_,
        "SELECT * FROM (SELECT f.id, f.attempt, s.id, c.name, s.version, s.directory || '/' || "
        "a.directory, a.bytes > 0, f.at, f.signature, f.violated, f.reason, f.evidence, f.faults, "
        "f.command, f.cost_s, f.seed FROM failures f JOIN attempts a ON a.id = f.attempt JOIN "
        "cells c ON c.id = a.cell JOIN suites s ON s.id = c.suite ORDER BY f.id DESC LIMIT ?) "
        "ORDER BY 1");
    asked.bind(signed_of(most));
    std::vector<FailureRow> rows;
    while (asked.next()) {
        FailureRow row;
        row.id = asked.integer();
        row.attempt = asked.integer();
        row.suite = asked.integer();
        row.cell = asked.text();
        row.version = asked.text();
        row.directory = asked.text();
        row.kept = asked.integer() != 0;
        row.at = asked.integer();
        row.failure.signature = asked.text();
        row.failure.check = asked.text();
        row.failure.reason = asked.text();
        row.failure.evidence = asked.text();
        row.failure.faults = asked.text();
        row.failure.command = asked.text();
        row.failure.cost_s = asked.number();
        row.failure.seed = unsigned_of(asked.text());
        rows.push_back(std::move(row));
    }
    return rows;
}

std::map<std::string, CellPast> SqliteStore::past(UnixMs recent) {
    std::map<std::string, CellPast> found;
    Statement attempts(
        database_,
        "SELECT c.name, count(*), sum(a.seeds), avg(a.duration_ms), (SELECT count(*) FROM "
        "failures f JOIN attempts b ON b.id = f.attempt JOIN cells d ON d.id = b.cell WHERE "
        "d.name = c.name AND f.at >= ?), (SELECT s.version FROM cells e JOIN suites s ON s.id "
        "= e.suite WHERE e.name = c.name AND e.state = 'done' ORDER BY e.id DESC LIMIT 1) FROM "
        "attempts a JOIN cells c ON c.id = a.cell WHERE a.state = 'ended' GROUP BY c.name");
    attempts.bind(recent);
    while (attempts.next()) {
        CellPast& past = found[attempts.text()];
        past.attempts = static_cast<std::uint64_t>(attempts.integer());
        past.seeds = static_cast<std::uint64_t>(attempts.integer());
        past.attempt_ms = attempts.integer();
        past.failures_recent = static_cast<std::uint64_t>(attempts.integer());
        past.last_version = attempts.text();
    }
    Statement covered(database_, "SELECT cell, fault, state, times FROM coverage");
    while (covered.next()) {
        Coverage& coverage = found[covered.text()].covered;
        std::string fault = covered.text();
        std::string state = covered.text();
        coverage[{std::move(fault), std::move(state)}] =
            static_cast<std::uint64_t>(covered.integer());
    }
    return found;
}

std::vector<KeptRun> SqliteStore::kept_runs() {
    Statement asked(
        database_,
        "SELECT a.id, s.directory || '/' || a.directory, a.verdict, a.started + a.duration_ms, "
        "a.bytes, coalesce(f.signature, '') FROM attempts a JOIN cells c ON c.id = a.cell JOIN "
        "suites s ON s.id = c.suite LEFT JOIN failures f ON f.attempt = a.id WHERE a.state = "
        "'ended' AND a.bytes > 0 ORDER BY a.id");
    std::vector<KeptRun> rows;
    while (asked.next()) {
        KeptRun row;
        row.attempt = asked.integer();
        row.directory = asked.text();
        row.verdict = asked.text();
        row.at = asked.integer();
        row.bytes = static_cast<std::uint64_t>(asked.integer());
        const std::string signature = asked.text();
        if (rows.empty() || rows.back().attempt != row.attempt) {
            rows.push_back(std::move(row));
        }
        if (!signature.empty()) {
            rows.back().signatures.push_back(signature);
        }
    }
    return rows;
}

}  // namespace squall::harness::store
