// The ways in which a plan is made smaller, each a pass: it makes one candidate after the other
// from the smallest plan so far and learns which of them still fail. Pure and deterministic.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "harness/plan.hpp"

namespace squall::harness::shrink {

class Pass {
  public:
    Pass() = default;
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;
    virtual ~Pass() = default;

    /// A candidate; nothing: the pass is over. `best` is the smallest plan so far: the last
    /// candidate if that failed, else what it was before.
    [[nodiscard]] virtual std::optional<Plan> next(const Plan& best) = 0;

    /// Of the candidate.
    virtual void verdict(bool fails) = 0;
};

/// A candidate made from the smallest plan so far; nothing when there is nothing to change.
using Trial = std::function<std::optional<Plan>(const Plan&)>;

/// Whether a trial that worked is made again.
enum class Repeat : bool { no, yes };

/// One trial after the other.
[[nodiscard]] std::unique_ptr<Pass> trials(std::vector<Trial> all, Repeat repeat);

/// The same, until one works.
[[nodiscard]] std::unique_ptr<Pass> first_that_works(std::vector<Trial> all);

/// Delta debugging over the plan's faults.
[[nodiscard]] std::unique_ptr<Pass> fewer_faults(const Plan& plan);

/// What goes together in delta debugging over the plan's operations.
enum class Together : std::uint8_t { key, client, one };

/// Empty for plans that list no operations.
[[nodiscard]] std::unique_ptr<Pass> fewer_operations(const Plan& plan, Together together);

[[nodiscard]] std::unique_ptr<Pass> fewer_nodes(const Plan& plan);

/// Cuts the end off, coarsely first.
[[nodiscard]] std::unique_ptr<Pass> shorter_run();

/// Less time between one thing and the next.
[[nodiscard]] std::unique_ptr<Pass> shorter_gaps(const Plan& plan);

/// Fault by fault: fewer targets, plainer rules, shorter.
[[nodiscard]] std::unique_ptr<Pass> simpler_faults();

/// Limits and options that are the usual ones where that still fails, and small ones else.
[[nodiscard]] std::unique_ptr<Pass> simpler_configuration();

/// Plain writes instead of conditional ones, and no more clients and keys than are used.
[[nodiscard]] std::unique_ptr<Pass> simpler_operations(const Plan& plan);

}  // namespace squall::harness::shrink
