// The bugs of `squall zoo`, some side by side. What each came to is kept as soon as it is known,
// and what was kept before is not measured again.
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "harness/cli/zoo_inspector.hpp"
#include "harness/cli/zoo_kept.hpp"
#include "harness/cli/zoo_options.hpp"
#include "harness/cli/zoo_progress.hpp"
#include "harness/scorecard.hpp"
#include "harness/systems/system.hpp"

namespace squall::harness::cli {

class ZooSweep {
  public:
    /// `options`, `kept` and `stop_requests` live longer.
    ZooSweep(std::vector<systems::Bug> bugs,
             const ZooOptions& options,
             const KeptScores& kept,
             const std::atomic<int>& stop_requests);

    /// In the order of `bugs`, whoever was done first; those that an interruption left undone are
    /// missing. Blocks. Throws Failure when the harness failed.
    [[nodiscard]] std::vector<BugScore> go();

  private:
    void take_over_what_was_kept();
    void work();
    [[nodiscard]] std::optional<BugScore> inspect(const systems::Bug& bug);

    std::vector<systems::Bug> bugs_;
    std::vector<std::optional<BugScore>> scores_;
    const ZooOptions& options_;
    const KeptScores& kept_;
    ZooProgress progress_;
    ZooInspector inspector_;
    std::atomic<std::size_t> next_ = 0;
    std::mutex mutex_;
    std::string error_;  // Guarded by mutex_.
};

}  // namespace squall::harness::cli
