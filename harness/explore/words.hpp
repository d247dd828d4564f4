// Steps, messages and facts in words.
#pragma once

#include <string>

#include "harness/explore/path.hpp"

namespace squall::harness::explore {

/// "n2 -> n1 VoteReply of term 1, granted".
[[nodiscard]] std::string words_of(const raft::Envelope& envelope);

/// "n1 led term 2".
[[nodiscard]] std::string words_of(raft::NodeId node, const Fact& fact);

/// What happens: "n2's oldest write ends".
[[nodiscard]] std::string action_words(Model& model, const PathStep& step);

/// What changes at the node, and what it says: one clause each.
[[nodiscard]] std::vector<std::string> change_words(Model& model, const PathStep& step);

}  // namespace squall::harness::explore
