// What a search amounted to, as text for people and as JSON.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/explore/deepening.hpp"

namespace squall::harness::explore {

struct Report {
    Options options;  ///< As asked for.
    Limits limits;
    std::string bug;  ///< Empty: none was switched on.
    std::vector<Round> rounds;
    std::uint32_t events = 0;  ///< Of the last round, whether it came to its end or not.
    Progress progress;         ///< Of the last round.
    Stop stop = Stop::none;    ///< none: the time was up, or somebody interrupted it.
    double seconds = 0;
    std::optional<Path> path;
};

/// Of the search so far; `seconds` is for the caller to tell.
[[nodiscard]] Report report_of(Deepening& search, const Limits& limits, const std::string& bug);

/// 0 the whole space was seen and nothing is wrong, 1 something is, 2 something ended the search.
[[nodiscard]] int exit_code(Stop stop);

[[nodiscard]] std::string to_text(Model& model, const Report& report);

/// One object, a line feed behind it; docs/exploration.md is the reference.
[[nodiscard]] std::string to_json(Model& model, const Report& report);

}  // namespace squall::harness::explore
