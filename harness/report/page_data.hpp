// The JSON value that report.html is drawn from. Columns instead of objects and indices into
// tables instead of texts: 100,000 operations take about 4 MB. Times are microseconds of the run.
// What does not fit is left out and counted, never silently. Whatever a run holds, its page stays
// below page_bytes_max.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "checker/trace.hpp"
#include "harness/report/material.hpp"
#include "harness/report/story.hpp"
#include "harness/results.hpp"
#include "history/operation.hpp"

namespace squall::harness::report {

/// Of the whole value as it stands in the page; program and style add 0.1 MB.
inline constexpr std::size_t page_bytes_max = 9'700'000;

struct PageLimits {
    std::size_t operations = 120'000;
    /// Values, keys and errors, together; what comes later is shown as an ellipsis.
    std::size_t texts_bytes = std::size_t{2} << 20U;
    std::size_t rows = 5000;    ///< Faults, notes, log lines; roles of a node.
    std::size_t points = 1500;  ///< Of one line of a node: more than a screen is wide.
    std::size_t lines = 200;    ///< Details and evidence of one finding.
};

/// One value, key, error or log line.
inline constexpr std::size_t page_text_max = 160;

/// Safe inside a script element.
[[nodiscard]] std::string page_data(const Results& results,
                                    const Material& material,
                                    const Story& story = {});

// The parts of it.

/// When there are too many: those on which `evidence` stands, all neighbours of the first of them
/// (half of what is shown), and of the others every n-th. `sample` says so.
[[nodiscard]] nlohmann::ordered_json page_operations(std::span<const history::Operation> operations,
                                                     const std::set<std::uint64_t>& evidence,
                                                     const PageLimits& limits = {});

/// Outcomes and latency over time, of all operations of the main phase.
[[nodiscard]] nlohmann::ordered_json page_series(std::span<const history::Operation> operations,
                                                 Time end);

/// Roles, terms, indices, snapshots and lives of each node over time.
[[nodiscard]] nlohmann::ordered_json page_nodes(std::span<const checker::TraceRecord> traces,
                                                Time origin,
                                                const PageLimits& limits = {});

/// [first, last]: when what a check found came about, by its evidence or by the traced event that
/// it names; null: nobody knows.
[[nodiscard]] nlohmann::ordered_json page_moment(const checker::Check& check,
                                                 const Material& material,
                                                 Time origin);

/// What the nodes logged: [time, node, text]; those closest to `around` when there are too many.
[[nodiscard]] nlohmann::ordered_json page_logs(std::span<const LogLine> logs,
                                               Time origin,
                                               Time around,
                                               const PageLimits& limits = {});

/// Faults joined from begin to end, and notes.
[[nodiscard]] nlohmann::ordered_json page_faults(std::span<const history::Event> events,
                                                 const PageLimits& limits = {});
[[nodiscard]] nlohmann::ordered_json page_notes(std::span<const history::Event> events,
                                                const PageLimits& limits = {});

/// The sentences of the story, and its diagram as message_sequence.hpp lays it out.
[[nodiscard]] nlohmann::ordered_json page_story(const Story& story,
                                                const Material& material,
                                                Time origin);

/// What the faults hit: rows of counts, by class, under columns of role and phase.
[[nodiscard]] nlohmann::ordered_json page_coverage(const Material& material, Time origin);

}  // namespace squall::harness::report
