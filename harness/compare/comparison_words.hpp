// Sentences that terminal and pull request share.
#pragma once

#include <string>
#include <vector>

#include "harness/compare/comparison.hpp"

namespace squall::harness::compare {

/// "1 in 420", "none".
[[nodiscard]] std::string rate_words(const std::optional<double>& rate);

/// What could have been seen, a line for each tier that ran.
[[nodiscard]] std::vector<std::string> sight_lines(const Comparison& comparison);

/// "+3.1 % (between +2.9 % and +3.3 %)"; empty without an interval.
[[nodiscard]] std::string change_words(const MetricDifference& each, double alpha);

/// The interval leaves zero out.
[[nodiscard]] bool clear(const MetricDifference& each, double alpha);

[[nodiscard]] std::string number_words(double value);

/// Its details but for what only says the reason again; so many at most.
[[nodiscard]] std::vector<std::string> details_of(const KeptFailure& failure, std::size_t most);

/// "HEAD (1a2b3c4d5e)".
/// What became of shrinking it, in a sentence or two without the last full stop; empty: nothing was
/// tried.
[[nodiscard]] std::string shrinking_words(const KeptFailure& failure);

[[nodiscard]] std::string side_words(const Side& side);

}  // namespace squall::harness::compare
