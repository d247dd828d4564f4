// The cells of the suite that is being run, as the store has them, and kept in step with it: every
// change is in the store before it counts here. Also owns the attempts' directories.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/store/results_store.hpp"
#include "harness/suite/cell_course.hpp"
#include "harness/suite/cells.hpp"

namespace squall::harness::cli {

class SuiteLedger {
  public:
    /// All of them live longer. Reads what earlier sessions did, and deletes the directories of
    /// attempts that they did not bring to an end. Throws Failure.
    SuiteLedger(store::ResultsStore& store,
                const store::SuiteRow& suite,
                const std::vector<suite::Cell>& cells,
                const suite::CourseLimits& limits);

    [[nodiscard]] bool pending(std::uint32_t cell) const;
    [[nodiscard]] std::size_t ended_cells() const;

    [[nodiscard]] std::uint64_t seeds() const { return seeds_; }

    [[nodiscard]] std::size_t failures() const { return failures_; }

    /// What the cell's attempts so far ask for.
    [[nodiscard]] suite::NextStep next(std::uint32_t cell, double left_s) const;

    struct Begun {
        store::RowId attempt = 0;
        std::string directory;  ///< Absolute.
    };

    [[nodiscard]] Begun begin(std::uint32_t cell, std::uint64_t first_seed);

    /// The attempt has ended, and what comes next. Ends the cell when nothing does. The directory
    /// of an attempt that passed is deleted.
    suite::NextStep end(std::uint32_t cell,
                        const Begun& begun,
                        std::uint64_t first_seed,
                        store::AttemptEnd ended,
                        double left_s);

    /// The failure of an attempt that ended is known better.
    void replace_failure(const Begun& begun, const store::NewFailure& failure);

    void finish(std::uint32_t cell, const store::CellEnd& end);

    /// There is no time left for the cell.
    void give_up(std::uint32_t cell, const std::string& reason);

    /// What is open is lost: it will be run again.
    void lose_open_attempts();

  private:
    struct View {
        store::RowId row = 0;
        store::CellState state = store::CellState::pending;
        std::vector<store::AttemptRow> ended;
        std::uint32_t number = 0;  ///< Of attempts that began.
    };

    [[nodiscard]] std::uint64_t first_seed(std::uint32_t cell) const;

    store::ResultsStore& store_;
    const store::SuiteRow& suite_;
    const std::vector<suite::Cell>& cells_;
    suite::CourseLimits limits_;
    std::vector<View> views_;
    std::uint64_t seeds_ = 0;
    std::size_t failures_ = 0;
};

}  // namespace squall::harness::cli
