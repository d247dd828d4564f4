// Searches as tests want them.
#pragma once

#include <set>
#include <string>

#include "harness/explore/path.hpp"
#include "harness/explore/report.hpp"

namespace squall::harness::explore {

struct Seen {
    Stop stop = Stop::none;
    Progress progress;
    std::optional<Path> path;
};

[[nodiscard]] inline Seen explore(const Options& options, const Limits& limits = {}) {
    Model model(options);
    Search search(model, limits, start_of(model));
    while (search.advance(10'000) == Stop::none) {
    }
    Seen seen{search.stopped(), search.progress(), std::nullopt};
    if (seen.stop == Stop::violation) {
        seen.path = path_of(model, search);
    }
    return seen;
}

[[nodiscard]] inline Options with(std::initializer_list<std::pair<Budget, int>> budgets) {
    Options options;
    options.budgets = {};
    for (const auto& [budget, count] : budgets) {
        options.budgets[static_cast<std::size_t>(budget)] = static_cast<std::uint8_t>(count);
    }
    return options;
}

}  // namespace squall::harness::explore
