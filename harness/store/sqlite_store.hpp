// The results store in one file (docs/suites.md). Safe under SIGKILL at any moment and with several
// writers: they wait for one another.
#pragma once

#include <memory>
#include <string>

#include "harness/store/results_store.hpp"
#include "harness/store/sqlite.hpp"

namespace squall::harness::store {

class SqliteStore final : public ResultsStore {
  public:
    /// Opens or creates the file and brings it up to date. Throws Failure.
    explicit SqliteStore(const std::string& path);

    RowId begin_suite(const NewSuite& suite, const Owner& owner) override;
    std::optional<SuiteRow> unfinished(const std::string& name) override;
    bool take_over(RowId suite, const Owner& last, const Owner& next) override;
    bool heartbeat(RowId suite, const Owner& owner, std::int64_t elapsed_ms, UnixMs now) override;
    void end_suite(RowId suite,
                   SuiteState state,
                   const std::string& verdict,
                   std::int64_t elapsed_ms,
                   UnixMs now) override;
    SuiteRow suite(RowId suite) override;
    std::vector<SuiteRow> suites(const std::string& name, std::size_t most) override;
    std::vector<CellRow> cells(RowId suite) override;
    std::vector<AttemptRow> attempts(RowId suite) override;
    RowId begin_attempt(RowId cell,
                        std::uint64_t first_seed,
                        const std::string& directory,
                        UnixMs now) override;
    void end_attempt(RowId attempt,
                     const AttemptEnd& end,
                     const std::optional<CellEnd>& cell_end) override;
    void replace_failure(RowId attempt, const NewFailure& failure, std::uint64_t bytes) override;
    void end_cell(RowId cell, const CellEnd& end) override;
    std::vector<FailureRow> failures(std::size_t most) override;
    std::map<std::string, CellPast> past(UnixMs recent) override;
    std::vector<KeptRun> kept_runs() override;
    void mark_deleted(RowId attempt) override;

  private:
    static std::string suite_columns();
    static SuiteRow suite_of(Statement& row);
    void require_pending(RowId cell);
    void set_cell(RowId cell, const CellEnd& end);
    void add_failures(RowId attempt, const AttemptEnd& end);
    void add_coverage(const std::string& cell, const Coverage& covered);

    Database database_;
};

/// The same, with the directories above the file.
[[nodiscard]] std::unique_ptr<ResultsStore> open_sqlite_store(const std::string& path);

}  // namespace squall::harness::store
