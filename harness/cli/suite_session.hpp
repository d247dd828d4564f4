// Works on a suite: starts cells as children, looks after them, and puts what became of them into
// the store. What to do next is decided in harness/suite; this waits, starts and writes. It may be
// killed at any moment: whoever comes next goes on from what the store says.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/store/results_store.hpp"
#include "harness/suite/cells.hpp"
#include "harness/suite/suite_file.hpp"

namespace squall::harness::cli {

struct SessionOptions {
    unsigned jobs = 2;
    unsigned process_jobs = 1;
    bool stop_on_failure = false;
    std::string program;  ///< squall itself.
    const std::atomic<int>* stop_requests = nullptr;
    /// Whether a failure counts; those in quarantine do not stop a suite.
    std::function<bool(const suite::Cell&, const store::NewFailure&)> counts;
};

enum class SessionEnd : std::uint8_t {
    finished,     ///< Every cell has had its turn.
    interrupted,  ///< It can be resumed.
    taken_over    ///< Somebody else works on it.
};

class SuiteSession {
  public:
    /// All of them live longer; this process owns the suite.
    SuiteSession(store::ResultsStore& store,
                 const store::SuiteRow& suite,
                 const suite::SuiteFile& file,
                 const std::vector<suite::Cell>& cells,
                 const SessionOptions& options);
    ~SuiteSession();
    SuiteSession(const SuiteSession&) = delete;
    SuiteSession& operator=(const SuiteSession&) = delete;

    /// Blocks until the end. Children die with the calling thread. Throws Failure.
    SessionEnd run();

    /// Worked on the suite, over all sessions.
    [[nodiscard]] std::int64_t elapsed_ms() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace squall::harness::cli
