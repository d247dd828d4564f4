// The outputs of a suite, from its summary: for people, for chats, for other programs. The page is
// in index_page.hpp. Formats: docs/suites.md. Pure.
#pragma once

#include <string>

#include "harness/suite/summary.hpp"

namespace squall::harness::suite {

/// A few lines: the verdict, the groups of failures, what else is not valid.
[[nodiscard]] std::string terminal_text(const SuiteSummary& summary, const std::string& directory);

/// summary.md, for an issue or a chat.
[[nodiscard]] std::string markdown(const SuiteSummary& summary);

/// summary.json, version `summary_version`.
[[nodiscard]] std::string to_json(const SuiteSummary& summary);

/// junit.xml: a test case for each cell.
[[nodiscard]] std::string junit(const SuiteSummary& summary);

/// "2026-11-22 03:15" in UTC.
[[nodiscard]] std::string time_text(store::UnixMs time);

/// "1 in 43 seeds"; "every seed"; empty when there were none.
[[nodiscard]] std::string rate_text(const triage::Group& group);

}  // namespace squall::harness::suite
