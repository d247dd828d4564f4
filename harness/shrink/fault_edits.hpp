// One fault made simpler: fewer targets, plainer rules, shorter. Pure.
#pragma once

#include <string>
#include <vector>

#include "nemesis/fault.hpp"

namespace squall::harness::shrink {

/// What an action does, in words: "kill n1 n2", "cut n1>n2 n2>n1".
[[nodiscard]] std::string words_of(const nemesis::Action& action);

[[nodiscard]] bool hits_nobody(const nemesis::Action& action);

/// Each lacks one target, one link, one property of a rule, or half of its time. Only what the
/// entry decides can be simpler: of one that still draws its targets, its time.
[[nodiscard]] std::vector<nemesis::PlannedFault> simpler(const nemesis::PlannedFault& fault);

}  // namespace squall::harness::shrink
