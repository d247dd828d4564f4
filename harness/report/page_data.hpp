// The JSON value that report.html is drawn from. Columns instead of objects and indices into
// tables instead of texts: 100,000 operations take about 4 MB. Times are microseconds of the run.
// What does not fit is left out and counted, never silently.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "checker/trace.hpp"
#include "harness/report/story.hpp"
#include "harness/results.hpp"
#include "history/operation.hpp"

namespace squall::harness::report {

inline constexpr std::size_t page_operations_max = 120'000;
/// Longer values, keys and details are shortened.
inline constexpr std::size_t page_text_max = 160;
/// All different values, keys and errors together; what comes later is shown as an ellipsis.
inline constexpr std::size_t page_texts_max = std::size_t{2} << 20U;

[[nodiscard]] std::string page_data(const Results& results, const Story& story);

// The parts of it.

/// The operations on which `evidence` stands are always among those shown; the others are the
/// neighbours of the first of them.
[[nodiscard]] nlohmann::ordered_json page_operations(std::span<const history::Operation> operations,
                                                     const std::set<std::uint64_t>& evidence);

/// Outcomes and latency over time, of all operations of the main phase.
[[nodiscard]] nlohmann::ordered_json page_series(std::span<const history::Operation> operations,
                                                 Time end);

/// Roles, terms, indices and lives of each node over time.
[[nodiscard]] nlohmann::ordered_json page_nodes(std::span<const checker::TraceRecord> traces,
                                                Time origin);

/// What the nodes logged: [time, node, text].
[[nodiscard]] nlohmann::ordered_json page_logs(std::span<const LogLine> logs, Time origin);

/// Faults joined from begin to end, and notes.
[[nodiscard]] nlohmann::ordered_json page_faults(std::span<const history::Event> events);
[[nodiscard]] nlohmann::ordered_json page_notes(std::span<const history::Event> events);

}  // namespace squall::harness::report
