// The sentences that the terminal and the Markdown report share.
#pragma once

#include <string>
#include <vector>

#include "harness/results.hpp"

namespace squall::harness::report {

/// "INVALID: linearizable: read #12 by c4 returned ...".
[[nodiscard]] std::string verdict_sentence(const Results& results);

/// The command that asks for the same run again, with only the flags that differ from their
/// defaults and the seed.
[[nodiscard]] std::string reproduce_command(const Results& results);

/// "14 injected; messages_cut 4123, messages_delayed 88".
[[nodiscard]] std::string fault_line(const FaultSummary& summary);

/// "3172 ok, 41 fail, 97 info".
[[nodiscard]] std::string counts_line(const OperationCounts& counts);

}  // namespace squall::harness::report
