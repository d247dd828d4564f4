// The live line of a run: rewritten in place on a terminal, a plain line now and then when piped.
#pragma once

#include <string>

#include "harness/run.hpp"

namespace squall::harness::cli {

class ProgressLine {
  public:
    /// Writes to stderr.
    ProgressLine();
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void show(Time now, const Progress& progress);

  private:
    bool terminal_;
    bool open_ = false;
    std::string phase_;
    Time printed_at_{};
    Time counted_at_{};
    std::uint64_t counted_ = 0;
    double rate_ = 0;
};

/// The line itself, without colours.
[[nodiscard]] std::string progress_text(Time now, const Progress& progress, double rate);

}  // namespace squall::harness::cli
