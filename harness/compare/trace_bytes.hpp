// Trace records as bytes, for a pipe between two programs of one moment: no format to keep.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checker/trace.hpp"

namespace squall::harness::compare {

[[nodiscard]] std::string trace_bytes(std::span<const checker::TraceRecord> records);

/// Throws Failure.
[[nodiscard]] std::vector<checker::TraceRecord> traces_from(std::string_view bytes);

}  // namespace squall::harness::compare
