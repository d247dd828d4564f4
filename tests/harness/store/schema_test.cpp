// Every migration, from a file of the version before it.
#include "harness/store/schema.hpp"

#include <cstdint>
#include <fstream>
#include <vector>

#include "harness/failure.hpp"
#include "harness/store/sqlite.hpp"
#include "harness/store/sqlite_store.hpp"
#include "history/random.hpp"
#include "temporary_file.hpp"

namespace squall::harness::store {
namespace {

class Schema : public StoreFile {
  protected:
    [[nodiscard]] std::int64_t version() const {
        Database database(path_);
        Statement asked(database, "PRAGMA user_version");
        static_cast<void>(asked.next());
        return asked.integer();
    }

    /// A finished suite with a failure, in the columns of version 1, which every version has.
    static void fill(Database& database) {
        database.run(R"(
INSERT INTO suites (id, name, fingerprint, version, directory, seed, started, heartbeat, state,
                    verdict, host, boot_id, pid, start_ticks)
    VALUES (1, 'nightly', 'f', 'v0', '/d', '9', 1, 2, 'finished', 'invalid', 'h', 'b', 3, 4);
INSERT INTO cells (id, suite, ordinal, name, state, verdict)
    VALUES (1, 1, 0, 'a', 'done', 'invalid');
INSERT INTO attempts (id, cell, number, state, first_seed, seeds, verdict, directory, started,
                      duration_ms, bytes)
    VALUES (1, 1, 1, 'ended', '7', 5, 'invalid', 'cells/0/1', 1, 800, 10);
INSERT INTO failures (attempt, at, signature, violated, reason, evidence, faults, command, cost_s,
                      seed)
    VALUES (1, 2, 's', 'linearizable', 'r', '{}', 'none', 'c', 0.5, '11');
)");
    }
};

TEST_F(Schema, EveryOlderStoreBecomesThisOne) {
    for (std::size_t from = 1; from < migrations().size(); ++from) {
        SCOPED_TRACE(from);
        std::filesystem::remove(path_);
        {
            Database database(path_);
            migrate(database, from);
            fill(database);
        }
        ASSERT_EQ(version(), static_cast<std::int64_t>(from));

        const auto store = open_sqlite_store(path_);

        EXPECT_EQ(version(), static_cast<std::int64_t>(migrations().size()));
        EXPECT_EQ(store->suite(1).seed, 9U);
        EXPECT_EQ(store->cells(1).at(0).state, CellState::done);
        EXPECT_EQ(store->attempts(1).at(0).first_seed, 7U);
        EXPECT_EQ(store->failures(9).at(0).failure.signature, "s");
        EXPECT_EQ(store->past(0).at("a").failures_recent, 1U);
        EXPECT_EQ(store->kept_runs().size(), 1U);
    }
}

/// Files that were written by them are somewhere: a change is a migration more, never another text.
TEST_F(Schema, MigrationsAreAsTheyWereReleased) {
    const std::vector<std::uint64_t> released = {9500891078293479451U, 15297177911054722448U};
    ASSERT_EQ(migrations().size(), released.size());
    for (std::size_t i = 0; i < released.size(); ++i) {
        EXPECT_EQ(history::stream_hash(migrations()[i]), released[i]) << i;
    }
}

TEST_F(Schema, OpeningAgainChangesNothing) {
    static_cast<void>(open_sqlite_store(path_));
    const std::int64_t before = version();

    static_cast<void>(open_sqlite_store(path_));

    EXPECT_EQ(version(), before);
}

TEST_F(Schema, ALaterStoreIsLeftAlone) {
    Database(path_).run("PRAGMA user_version = 99");

    try {
        static_cast<void>(open_sqlite_store(path_));
        FAIL();
    } catch (const Failure& failure) {
        EXPECT_NE(std::string(failure.what()).find("version 99"), std::string::npos);
    }
    EXPECT_EQ(version(), 99);
}

TEST_F(Schema, AMigrationThatFailsLeavesTheStoreAsItWas) {
    {
        Database database(path_);
        database.run("CREATE TABLE cells (a)");  // In the way of the first migration.

        EXPECT_THROW(migrate(database), Failure);
    }
    EXPECT_EQ(version(), 0);
    Database database(path_);
    Statement asked(database, "SELECT count(*) FROM sqlite_master WHERE name = 'suites'");
    static_cast<void>(asked.next());
    EXPECT_EQ(asked.integer(), 0);
}

TEST_F(Schema, AFileThatIsNoStoreIsRefused) {
    std::ofstream(path_) << "this is no database, and it is long enough to have a header of one";

    EXPECT_THROW(static_cast<void>(open_sqlite_store(path_)), Failure);
}

}  // namespace
}  // namespace squall::harness::store
