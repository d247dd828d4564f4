// Several processes write into one store and are killed in the middle of it: what was promised is
// there, and the file is whole.
#include <csignal>
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

}  // namespace
}  // namespace squall::harness::store
