// The words in which scenarios tell what happens: lines of text without the node in front, except
// for messages, which name both ends.
#pragma once

#include <string>
#include <vector>

#include "tests/raft/scenarios/world.hpp"

namespace squall::raft::test {

/// "2/5": term and index.
[[nodiscard]] std::string text_of(LogId id);

[[nodiscard]] std::string text_of(const Message& message);

/// What a Ready tells of roles, log, commit, reads and snapshots, and which promises it makes or
/// refuses, in this order.
[[nodiscard]] std::vector<std::string> events_of(const Ready& ready);

/// A command of the key-value store and what it was answered; empty for other entries.
[[nodiscard]] std::string applied_text(const Entry& entry, const server::Reply& reply);

// Answers to questions, one line for a node.
[[nodiscard]] std::string status_line(const Node& node);
/// Terms of the log in the core's memory, `|` behind what the node knows to be committed.
[[nodiscard]] std::string log_line(const Node& node);
/// What would be found after a crash now.
[[nodiscard]] std::string disk_line(const Node& node);
[[nodiscard]] std::string progress_line(const Progress& progress);

}  // namespace squall::raft::test
