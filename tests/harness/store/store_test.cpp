#include <memory>

#include "harness/failure.hpp"
#include "harness/store/sqlite_store.hpp"
#include "temporary_file.hpp"

namespace squall::harness::store {
namespace {

class Store : public StoreFile {
  protected:
    [[nodiscard]] AttemptEnd failing(UnixMs at, const std::string& signature) const {
        AttemptEnd end;
        end.seeds = 3;
        end.ok_operations = 70;
        end.verdict = "invalid";
        end.reason = "linearizable: no";
        end.duration_ms = 1500;
        end.bytes = 4096;
        end.at = at;
        end.covered = {{{"kill", "leader"}, 2}};
        end.failures.push_back({.signature = signature,
                                .check = "linearizable",
                                .reason = "no",
                                .evidence = "{}",
                                .faults = "kill",
                                .command = "squall sim --seed 3",
                                .cost_s = 0.5,
                                .seed = 0xFFFF'FFFF'FFFF'FFF0U});
        return end;
    }

    std::unique_ptr<ResultsStore> store_ = open_sqlite_store(path_);
};

TEST_F(Store, KeepsWhatASuiteIs) {
    const RowId id = store_->begin_suite(two_cells(), first);

    const SuiteRow row = open_sqlite_store(path_)->suite(id);

    EXPECT_EQ(row.name, "nightly");
    EXPECT_EQ(row.fingerprint, "f1");
    EXPECT_EQ(row.version, "v1");
    EXPECT_EQ(row.directory, "/runs/one");
    EXPECT_EQ(row.seed, 0xFFFF'FFFF'FFFF'FFFFU);
    EXPECT_EQ(row.owner, first);
    EXPECT_EQ(row.state, SuiteState::running);
    const std::vector<CellRow> cells = store_->cells(id);
    ASSERT_EQ(cells.size(), 2U);
    EXPECT_EQ(cells[1].name, "b");
    EXPECT_EQ(cells[1].state, CellState::pending);
}

TEST_F(Store, KeepsAnAttemptWithItsFailure) {
    const RowId id = store_->begin_suite(two_cells(), first);
    const RowId cell = store_->cells(id)[0].id;

    const RowId attempt = store_->begin_attempt(cell, 7, "cells/0/1", 2000);
    store_->end_attempt(attempt, failing(3500, "s1"), CellEnd{CellState::done, "invalid", "no"});

    const std::vector<AttemptRow> attempts = store_->attempts(id);
    ASSERT_EQ(attempts.size(), 1U);
    EXPECT_EQ(attempts[0].state, AttemptState::ended);
    EXPECT_EQ(attempts[0].number, 1U);
    EXPECT_EQ(attempts[0].first_seed, 7U);
    EXPECT_EQ(attempts[0].ok_operations, 70U);
    EXPECT_EQ(store_->cells(id)[0].state, CellState::done);
    const std::vector<FailureRow> failures = store_->failures(10);
    ASSERT_EQ(failures.size(), 1U);
    EXPECT_EQ(failures[0].directory, "/runs/one/cells/0/1");
    EXPECT_EQ(failures[0].cell, "a");
    EXPECT_EQ(failures[0].failure.seed, 0xFFFF'FFFF'FFFF'FFF0U);
    EXPECT_EQ(failures[0].failure.cost_s, 0.5);
}

TEST_F(Store, NothingCountsTwice) {
    const RowId id = store_->begin_suite(two_cells(), first);
    const RowId cell = store_->cells(id)[0].id;
    const RowId attempt = store_->begin_attempt(cell, 1, "d", 1);
    store_->end_attempt(attempt, failing(2, "s1"), CellEnd{CellState::done, "invalid", ""});

    EXPECT_THROW(store_->end_attempt(attempt, failing(2, "s1"), std::nullopt), Failure);
    EXPECT_THROW(store_->begin_attempt(cell, 1, "e", 3), Failure);
    EXPECT_THROW(store_->end_cell(cell, {}), Failure);
    EXPECT_EQ(store_->failures(10).size(), 1U);
    EXPECT_EQ(store_->attempts(id).size(), 1U);
}

TEST_F(Store, ACellThatCannotEndLeavesItsAttemptOpen) {
    const RowId id = store_->begin_suite(two_cells(), first);
    const RowId cell = store_->cells(id)[0].id;
    const RowId attempt = store_->begin_attempt(cell, 1, "d", 1);
    store_->end_cell(cell, {CellState::not_run, "", "no time"});

    EXPECT_THROW(store_->end_attempt(attempt, failing(2, "s1"), CellEnd{}), Failure);

    EXPECT_EQ(store_->attempts(id)[0].state, AttemptState::open);
    EXPECT_TRUE(store_->failures(10).empty());
    EXPECT_TRUE(store_->past(0).empty());
}

TEST_F(Store, OnlyTheLastUnfinishedSuiteIsResumed) {
    EXPECT_FALSE(store_->unfinished("nightly"));
    const RowId id = store_->begin_suite(two_cells(), first);
    ASSERT_TRUE(store_->unfinished("nightly"));
    EXPECT_FALSE(store_->unfinished("smoke"));

    store_->end_suite(id, SuiteState::finished, "valid", 10, 20);

    EXPECT_FALSE(store_->unfinished("nightly"));
    EXPECT_EQ(store_->suite(id).verdict, "valid");
    EXPECT_EQ(store_->suite(id).ended, 20);
}

TEST_F(Store, OneOfTwoTakesASuiteOver) {
    const RowId id = store_->begin_suite(two_cells(), first);
    const RowId cell = store_->cells(id)[0].id;
    const RowId open = store_->begin_attempt(cell, 1, "d", 1);
    const Owner third{.host = "h", .boot_id = "b2", .pid = 11, .start_ticks = 7};

    EXPECT_TRUE(store_->take_over(id, first, second));
    EXPECT_FALSE(store_->take_over(id, first, third));

    EXPECT_EQ(store_->attempts(id)[0].state, AttemptState::lost);
    EXPECT_THROW(store_->end_attempt(open, failing(2, "s"), std::nullopt), Failure);
    EXPECT_FALSE(store_->heartbeat(id, first, 5, 6));
    EXPECT_TRUE(store_->heartbeat(id, second, 5, 6));
    EXPECT_EQ(store_->suite(id).elapsed_ms, 5);
    EXPECT_EQ(store_->begin_attempt(cell, 1, "e", 7), open + 1);
    EXPECT_EQ(store_->attempts(id)[1].number, 2U);
}

TEST_F(Store, TheWrongProcessTakesNothingOver) {
    const RowId id = store_->begin_suite(two_cells(), first);
    static_cast<void>(store_->begin_attempt(store_->cells(id)[0].id, 1, "d", 1));

    EXPECT_FALSE(store_->take_over(id, second, first));

    EXPECT_EQ(store_->attempts(id)[0].state, AttemptState::open);
}

TEST_F(Store, TellsTheCellsPast) {
    const RowId id = store_->begin_suite(two_cells(), first);
    const RowId cell = store_->cells(id)[0].id;
    store_->end_attempt(store_->begin_attempt(cell, 1, "d", 1), failing(100, "s1"), std::nullopt);
    store_->end_attempt(store_->begin_attempt(cell, 4, "e", 200),
                        failing(300, "s1"),
                        CellEnd{CellState::done, "invalid", ""});

    const std::map<std::string, CellPast> past = store_->past(200);

    ASSERT_EQ(past.size(), 1U);
    const CellPast& a = past.at("a");
    EXPECT_EQ(a.attempts, 2U);
    EXPECT_EQ(a.seeds, 6U);
    EXPECT_EQ(a.failures_recent, 1U);
    EXPECT_EQ(a.last_version, "v1");
    EXPECT_EQ(a.attempt_ms, 1500);
    EXPECT_EQ(a.covered.at({"kill", "leader"}), 4U);
}

TEST_F(Store, DeletedRunsAreNoLongerKept) {
    const RowId id = store_->begin_suite(two_cells(), first);
    const RowId attempt = store_->begin_attempt(store_->cells(id)[0].id, 1, "d", 1);
    store_->end_attempt(attempt, failing(100, "s1"), std::nullopt);
    ASSERT_EQ(store_->kept_runs().size(), 1U);
    EXPECT_EQ(store_->kept_runs()[0].directory, "/runs/one/d");
    EXPECT_EQ(store_->kept_runs()[0].signatures, std::vector<std::string>{"s1"});

    store_->mark_deleted(attempt);

    EXPECT_TRUE(store_->kept_runs().empty());
    EXPECT_EQ(store_->failures(10).size(), 1U);
}

TEST_F(Store, FailuresComeNewestLastAndInBounds) {
    const RowId id = store_->begin_suite(two_cells(), first);
    const RowId cell = store_->cells(id)[0].id;
    for (const char* signature : {"s1", "s2", "s3"}) {
        store_->end_attempt(
            store_->begin_attempt(cell, 1, signature, 1), failing(1, signature), std::nullopt);
    }

    const std::vector<FailureRow> failures = store_->failures(2);

    ASSERT_EQ(failures.size(), 2U);
    EXPECT_EQ(failures[0].failure.signature, "s2");
    EXPECT_EQ(failures[1].failure.signature, "s3");
}

TEST_F(Store, AFailureIsReplacedByWhatIsKnownLater) {
    const RowId id = store_->begin_suite(two_cells(), first);
    const RowId cell = store_->cells(id)[0].id;
    const RowId attempt = store_->begin_attempt(cell, 1, "d", 1);
    store_->end_attempt(attempt, failing(1, "raw"), std::nullopt);
    const RowId passed = store_->begin_attempt(cell, 2, "e", 1);
    store_->end_attempt(passed, AttemptEnd{.verdict = "valid"}, std::nullopt);

    store_->replace_failure(attempt, failing(1, "shrunk").failures.front(), 77);

    ASSERT_EQ(store_->failures(10).size(), 1U);
    EXPECT_EQ(store_->failures(10)[0].failure.signature, "shrunk");
    EXPECT_EQ(store_->attempts(id)[0].bytes, 77U);
    EXPECT_THROW(store_->replace_failure(passed, failing(1, "x").failures.front(), 1), Failure);
}

TEST_F(Store, SaysWhereItCannotBe) {
    try {
        static_cast<void>(open_sqlite_store("/dev/null/results.db"));
        FAIL();
    } catch (const Failure& failure) {
        EXPECT_NE(std::string(failure.what()).find("/dev/null/results.db"), std::string::npos);
    }
}

}  // namespace
}  // namespace squall::harness::store
