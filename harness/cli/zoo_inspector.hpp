// Everything that a scorecard says of one bug: runs it, seed after seed, until somebody notices.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>

#include "harness/cli/zoo_options.hpp"
#include "harness/plan.hpp"
#include "harness/scorecard.hpp"
#include "harness/systems/system.hpp"

namespace squall::harness::cli {

struct Trial;

class ZooInspector {
  public:
    struct Callbacks {
        /// What is being done, in words.
        std::function<void(const std::string&)> on_step;
        /// The plan of a conviction, as it was and shrunk: `name` is
        /// "SLUG-1" or "SLUG-1-shrunk".
        std::function<void(const std::string& name, const Plan& plan)> on_plan;
    };

    /// `options` and `stop_requests` live longer.
    ZooInspector(const ZooOptions& options,
                 const std::atomic<int>& stop_requests,
                 Callbacks callbacks);

    /// Nothing when it was asked to stop. Called from several threads at once, each with a bug of
    /// its own. Throws Failure.
    [[nodiscard]] std::optional<BugScore> inspect(const systems::Bug& bug) const;

  private:
    [[nodiscard]] std::optional<Conviction> one_try(BugScore& score, std::uint64_t number) const;
    [[nodiscard]] Conviction convicted(const Trial& trial,
                                       const std::string& name,
                                       std::uint64_t seeds,
                                       double seconds) const;
    [[nodiscard]] Trial run(BugScore& score, std::uint64_t seed) const;
    void each_alone(BugScore& score) const;

    [[nodiscard]] bool stopped() const { return stop_requests_ > 0; }

    const ZooOptions& options_;
    const std::atomic<int>& stop_requests_;
    Callbacks callbacks_;
};

/// Between the first seeds of two tries.
inline constexpr std::uint64_t try_distance = 1'000'000;

}  // namespace squall::harness::cli
