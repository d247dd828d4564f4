// Plays a scenario: a script whose commands move a whole cluster, and whose expected output is what
// happened. Pure: the same script gives the same output. README.md lists the commands.
#pragma once

#include <string>
#include <vector>

#include "tests/raft/scenarios/script.hpp"

namespace squall::raft::test {

/// The output of each block. Throws ScriptError, which names file and line.
[[nodiscard]] std::vector<std::string> play(const Script& script);

}  // namespace squall::raft::test
