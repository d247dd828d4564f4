// How far a suite is: a line that is rewritten in place on a terminal, a plain line now and then
// otherwise, and one for every cell that ends badly.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace squall::harness::cli {

struct SuiteProgress {
    double elapsed_s = 0;
    double left_s = 0;  ///< Until the end, about.
    std::size_t cells = 0;
    std::size_t ended = 0;
    std::uint64_t seeds = 0;
    std::size_t failures = 0;
    std::vector<std::string> running;  ///< Names of cells.
};

/// "2:03 of about 5:00   14 of 32 cells, 3412 seeds, no failure   sim/... process/..."
[[nodiscard]] std::string to_text(const SuiteProgress& progress);

/// "4:07", "1:02:09"
[[nodiscard]] std::string clock_text(double seconds);

class SuiteProgressLine {
  public:
    /// Writes to stderr.
    SuiteProgressLine();
    ~SuiteProgressLine();
    SuiteProgressLine(const SuiteProgressLine&) = delete;
    SuiteProgressLine& operator=(const SuiteProgressLine&) = delete;

    void show(const SuiteProgress& progress);

    /// A line that stays.
    void say(const std::string& text);

  private:
    void clear();

    bool terminal_;
    bool open_ = false;
    double printed_at_ = -1e9;
};

}  // namespace squall::harness::cli
