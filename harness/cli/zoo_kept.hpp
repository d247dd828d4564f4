// The directory of a scorecard: a file for each bug that is done, so that the same command goes on
// where it was ended, and the plans of its convictions, to be run again.
#pragma once

#include <optional>
#include <string>

#include "harness/plan.hpp"
#include "harness/scorecard.hpp"

namespace squall::harness::cli {

class KeptScores {
  public:
    /// Makes the directory. Empty: nothing is kept. `settings` is what scores depend on.
    KeptScores(std::string directory, std::string settings);

    /// From an earlier run. Throws UsageError when it was made with other settings.
    [[nodiscard]] std::optional<BugScore> find(const std::string& slug) const;

    void keep(const BugScore& score) const;
    void keep_plan(const std::string& name, const Plan& plan) const;

    /// scorecard.txt and scorecard.json.
    void keep(const Scorecard& card) const;

  private:
    [[nodiscard]] std::string score_file(const std::string& slug) const;

    std::string directory_;
    std::string settings_;
};

}  // namespace squall::harness::cli
