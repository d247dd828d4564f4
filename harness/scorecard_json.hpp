// A scorecard as programs read it (docs/zoo.md), and the score of one bug as a file, from which a
// scorecard that was cut short goes on. Pure.
#pragma once

#include <string>

#include "harness/scorecard.hpp"

namespace squall::harness {

[[nodiscard]] std::string to_json(const Scorecard& card);

/// `settings`: what the score depends on, for `score_from_json` to compare.
[[nodiscard]] std::string score_to_json(const BugScore& score, const std::string& settings);

/// Throws Failure naming the file when it is none of ours, or when it was made with other settings.
[[nodiscard]] BugScore score_from_json(const std::string& text,
                                       const std::string& file,
                                       const std::string& settings);

}  // namespace squall::harness
