// Keeps the traces of a simulated run as a real node leaves its own (docs/trace-format.md), so that
// its directory can be reported and checked again. Times are the run's own.
#pragma once

#include <span>
#include <string>

#include "checker/trace.hpp"

namespace squall::harness::sim {

/// One line, with its newline.
[[nodiscard]] std::string trace_line(const checker::TraceRecord& record);

/// Writes `<directory>/nodes/<id>/trace/trace-<incarnation>.jsonl` for every life. `records`: per
/// node by incarnation and sequence. Throws Failure.
void write_trace_files(const std::string& directory, std::span<const checker::TraceRecord> records);

}  // namespace squall::harness::sim
