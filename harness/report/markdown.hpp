// report.md: a run in words, fit for an issue tracker: short, long lists folded, below the size
// that trackers accept. Everything that came from nodes stands as text or in a code block.
#pragma once

#include <span>
#include <string>

#include "harness/report/story.hpp"
#include "harness/results.hpp"
#include "history/event.hpp"

namespace squall::harness::report {

/// GitHub takes 65,536 characters.
inline constexpr std::size_t markdown_bytes_max = 60'000;

/// `picture`: name of a file beside it that shows the story; empty: there is none.
[[nodiscard]] std::string markdown(const Results& results,
                                   std::span<const history::Event> events,
                                   const Story& story = {},
                                   const std::string& picture = {});

}  // namespace squall::harness::report
