#include "harness/store/schema.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "harness/failure.hpp"
#include "harness/store/sqlite.hpp"

namespace squall::harness::store {
namespace {

constexpr std::array<std::string_view, 2> all = {
    R"(
CREATE TABLE suites (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    version TEXT NOT NULL,
    directory TEXT NOT NULL,
    seed TEXT NOT NULL,               -- unsigned, 64 bits
    started INTEGER NOT NULL,         -- times are Unix milliseconds
    heartbeat INTEGER NOT NULL,
    ended INTEGER NOT NULL DEFAULT 0,
    elapsed_ms INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'running',
    verdict TEXT NOT NULL DEFAULT '',
    host TEXT NOT NULL,
    boot_id TEXT NOT NULL,
    pid INTEGER NOT NULL,
    start_ticks INTEGER NOT NULL
);
CREATE INDEX suites_by_name ON suites (name, id);
CREATE TABLE cells (
    id INTEGER PRIMARY KEY,
    suite INTEGER NOT NULL REFERENCES suites,
    ordinal INTEGER NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending',
    verdict TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    UNIQUE (suite, ordinal),
    UNIQUE (suite, name)
);
CREATE TABLE attempts (
    id INTEGER PRIMARY KEY,
    cell INTEGER NOT NULL REFERENCES cells,
    number INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'open',
    first_seed TEXT NOT NULL,
    seeds INTEGER NOT NULL DEFAULT 0,
    ok_operations INTEGER NOT NULL DEFAULT 0,
    verdict TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    directory TEXT NOT NULL,
    started INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0,
    UNIQUE (cell, number)
);
CREATE TABLE failures (
    id INTEGER PRIMARY KEY,
    attempt INTEGER NOT NULL REFERENCES attempts,
    at INTEGER NOT NULL,
    signature TEXT NOT NULL,
    violated TEXT NOT NULL,
    reason TEXT NOT NULL,
    evidence TEXT NOT NULL,
    faults TEXT NOT NULL,
    command TEXT NOT NULL,
    cost_s REAL NOT NULL,
    seed TEXT NOT NULL
);
CREATE INDEX failures_by_signature ON failures (signature, id);
)",
    R"(
CREATE TABLE coverage (
    cell TEXT NOT NULL,               -- a name: it outlives the suites
    fault TEXT NOT NULL,
    state TEXT NOT NULL,
    times INTEGER NOT NULL,
    PRIMARY KEY (cell, fault, state)
) WITHOUT ROWID;
CREATE INDEX cells_by_name ON cells (name, id);
)"};

std::size_t version_of(Database& database) {
    Statement asked(database, "PRAGMA user_version");
    static_cast<void>(asked.next());
    return static_cast<std::size_t>(asked.integer());
}

}  // namespace

std::span<const std::string_view> migrations() {
    return all;
}

void migrate(Database& database, std::size_t version) {
    if (version_of(database) == version) {
        return;  // Without the writer's lock.
    }
    Transaction transaction(database);
    const std::size_t found = version_of(database);
    if (found > all.size()) {
        throw Failure(
            fmt::format("{}: the results store is of version {}, and this squall knows up to {}: "
                        "use a later squall, or name another file with --store",
                        database.path(),
                        found,
                        all.size()));
    }
    for (std::size_t i = found; i < std::min(version, all.size()); ++i) {
        database.run(all[i]);
        database.run(fmt::format("PRAGMA user_version = {}", i + 1));
    }
    transaction.commit();
}

}  // namespace squall::harness::store
