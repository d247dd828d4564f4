// The sentences that the terminal and the Markdown report share.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "harness/results.hpp"

namespace squall::harness::report {

/// "INVALID: linearizable: read #12 by c4 returned ...".
[[nodiscard]] std::string verdict_sentence(const Results& results);

/// Its first line: what a harness failed at may go on with commands and last words.
[[nodiscard]] std::string headline(const Results& results);

/// The lines after the first; empty mostly.
[[nodiscard]] std::string after_headline(const Results& results);

/// What a verdict that is neither yes nor no means. Empty: it is one of these.
[[nodiscard]] std::string verdict_meaning(RunVerdict verdict);

/// The command that asks for the same run again, with only the flags that differ from their
/// defaults and the seed; of a plan from a file, or a shrunk one, the plan where it is kept.
[[nodiscard]] std::string reproduce_command(const Results& results);

/// "1 fault", "2 faults".
[[nodiscard]] std::string counted(std::uint64_t count, const char* what);

/// In quotes where a shell needs them.
[[nodiscard]] std::string as_shell_word(const std::string& word);

/// Worth a paragraph of its own: what is violated, and of a run that is *unknown* what could not be
/// judged.
[[nodiscard]] bool is_finding(const checker::Check& check, RunVerdict run);

/// The checks of a run that violates something which could not be judged, in one sentence. How much
/// the run covered is no news there. Empty: none, or the run is not invalid.
[[nodiscard]] std::string undecided_words(const Results& results);

/// What a check says beyond its reason: a first line that is the reason again is left out.
[[nodiscard]] std::span<const std::string> further_details(const checker::Check& check);

/// A measured effect: ("down_ms", 16371) is "down 16.4 s", ("messages_cut", 12) "messages cut 12".
[[nodiscard]] std::string effect_words(const std::string& name, std::int64_t amount);

/// "14 injected; messages cut 4123, messages delayed 88".
[[nodiscard]] std::string fault_line(const FaultSummary& summary);

/// "3172 ok, 41 fail, 97 info".
[[nodiscard]] std::string counts_line(const OperationCounts& counts);

}  // namespace squall::harness::report
