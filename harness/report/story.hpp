// A run as a story: the sentences that a reader needs to understand what went wrong, in the order
// of time. Of a shrunk run nearly everything; of a long one what matters, nearest to the violation,
// with the number of what was left out.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/report/happening.hpp"
#include "harness/report/material.hpp"
#include "harness/results.hpp"
#include "history/operation.hpp"

namespace squall::harness::report {

struct Story {
    /// Name and sentence of the check that it is told for; empty: nothing was violated, and there
    /// is no story.
    std::string check;
    std::string reason;
    std::optional<Time> moment;  ///< Of the violation, as far as anybody knows it.
    std::vector<Happening> lines;
    std::size_t left_out = 0;  ///< Of those that are more than details.
    /// The details too, for drawings, from the first line to the last.
    std::vector<Happening> details;
};

inline constexpr std::size_t story_lines_max = 70;

[[nodiscard]] Story tell(const Results& results,
                         const Material& material,
                         std::span<const history::Operation> operations,
                         std::size_t lines_max = story_lines_max);

/// When and where the event of a node's trace was that a check names: "... (n3 life 1 event 77)".
[[nodiscard]] std::optional<TracePlace> place_named(const std::string& reason);

}  // namespace squall::harness::report
