// Several processes write into one store and are killed in the middle of it: what was promised is
// there, and the file is whole.
#include <csignal>
#include <filesystem>
#include <poll.h>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/store/schema.hpp"
#include "harness/store/sqlite.hpp"
#include "harness/store/sqlite_store.hpp"
#include "temporary_file.hpp"

namespace squall::harness::store {
namespace {

/// Adds suites with an attempt each, for ever, and tells each one's id once it is in the store.
[[noreturn]] void write_for_ever(const std::string& path, const std::string& name, int pipe) {
    const auto store = open_sqlite_store(path);
    for (;;) {
        const RowId suite = store->begin_suite(two_cells(name), first);
        const RowId cell = store->cells(suite)[0].id;
        AttemptEnd end;
        end.verdict = "valid";
        end.seeds = 1;
        end.covered = {{{"kill", "leader"}, 1}};
        store->end_attempt(store->begin_attempt(cell, 1, "d", 1), end, CellEnd{});
        static_cast<void>(!::write(pipe, &suite, sizeof suite));
    }
}

struct Writer {
    pid_t id = 0;
    int pipe = -1;
};

Writer start(const std::string& path, const std::string& name) {
    int ends[2] = {};
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t id = ::fork();
    if (id == 0) {
        ::close(ends[0]);
        write_for_ever(path, name, ends[1]);
    }
    ::close(ends[1]);
    return {id, ends[0]};
}

std::set<RowId> promised_until_killed(const Writer& writer, std::size_t at_least) {
    std::set<RowId> promised;
    RowId id = 0;
    while (::read(writer.pipe, &id, sizeof id) == sizeof id) {
        promised.insert(id);
        if (promised.size() == at_least) {
            ::kill(writer.id, SIGKILL);
        }
    }
    ::close(writer.pipe);
    ::waitpid(writer.id, nullptr, 0);
    return promised;
}

class KilledWriters : public StoreFile {};

TEST_F(KilledWriters, LoseNothingThatWasPromised) {
    static_cast<void>(open_sqlite_store(path_));
    constexpr std::size_t rounds = 3;
    std::set<RowId> promised;
    for (std::size_t round = 0; round < rounds; ++round) {
        const Writer one = start(path_, "one");
        const Writer two = start(path_, "two");
        promised.merge(promised_until_killed(one, 5 + round));
        promised.merge(promised_until_killed(two, 5 + round));
    }

    const auto store = open_sqlite_store(path_);
    for (const RowId id : promised) {
        EXPECT_EQ(store->cells(id).at(0).state, CellState::done) << id;
        EXPECT_EQ(store->attempts(id).at(0).state, AttemptState::ended) << id;
    }
    EXPECT_GE(promised.size(), rounds * 10);
    Database database(path_);
    Statement check(database, "PRAGMA integrity_check");
    ASSERT_TRUE(check.next());
    EXPECT_EQ(check.text(), "ok");
    // An attempt's end, its coverage and its cell are in the store together or not at all.
    Statement counted(database,
                      "SELECT (SELECT sum(times) FROM coverage), (SELECT count(*) FROM attempts "
                      "WHERE state = 'ended'), (SELECT count(*) FROM cells WHERE state = 'done')");
    ASSERT_TRUE(counted.next());
    const std::int64_t covered = counted.integer();
    EXPECT_EQ(covered, counted.integer());
    EXPECT_EQ(covered, counted.integer());
}

/// Says so when a large transaction has gone into the file, and never commits it.
[[noreturn]] void write_halfway(const std::string& path, int pipe) {
    Database database(path);
    // With so small a cache SQLite writes pages before they are committed.
    database.run("PRAGMA cache_size = 1");
    const Transaction transaction(database);
    database.run(R"(
INSERT INTO coverage (cell, fault, state, times)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
    SELECT 'cell ' || i, 'kill', 'leader', 1 FROM n;
UPDATE cells SET state = 'done', verdict = 'valid';
)");
    const RowId half = 1;
    static_cast<void>(!::write(pipe, &half, sizeof half));
    for (;;) {
        ::pause();
    }
}

TEST_F(KilledWriters, LeaveNothingOfWhatTheyHadHalfWritten) {
    const RowId suite = open_sqlite_store(path_)->begin_suite(two_cells(), first);
    int ends[2] = {};
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t id = ::fork();
    if (id == 0) {
        write_halfway(path_, ends[1]);
    }
    ::close(ends[1]);
    RowId half = 0;
    ASSERT_EQ(::read(ends[0], &half, sizeof half), static_cast<ssize_t>(sizeof half));
    ::close(ends[0]);
    EXPECT_GT(std::filesystem::file_size(path_ + "-wal"), 100'000U);

    ::kill(id, SIGKILL);
    ::waitpid(id, nullptr, 0);

    const auto store = open_sqlite_store(path_);
    EXPECT_EQ(store->cells(suite).at(0).state, CellState::pending);
    EXPECT_TRUE(store->past(0).empty());
    // Its lock is gone, too.
    store->end_attempt(
        store->begin_attempt(store->cells(suite)[0].id, 1, "d", 1), AttemptEnd{}, CellEnd{});
    EXPECT_EQ(store->cells(suite).at(0).state, CellState::done);
}

}  // namespace
}  // namespace squall::harness::store
