// How far a scorecard is, on the standard error: a line for every bug that is done, with the time
// that the others will take, and on a terminal what is being done now.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>

namespace squall::harness::cli {

class ZooProgress {
  public:
    explicit ZooProgress(std::size_t bugs);

    // From any thread.

    void step(const std::string& what);

    /// `fresh`: it was worked for just now; else it was known from an earlier run.
    void done(const std::string& slug, const std::string& outcome, bool fresh);

  private:
    using Clock = std::chrono::steady_clock;

    void clear() const;

    std::mutex mutex_;
    std::size_t bugs_;
    std::size_t done_ = 0;
    std::size_t fresh_ = 0;
    Clock::time_point begun_ = Clock::now();
    Clock::time_point shown_{};
    bool terminal_;
};

}  // namespace squall::harness::cli
