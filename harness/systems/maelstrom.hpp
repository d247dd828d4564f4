// Any program that speaks Maelstrom's protocol, as it is (docs/your-raft.md).
#pragma once

#include "harness/systems/system.hpp"

namespace squall::harness::systems {

[[nodiscard]] const System& maelstrom();

}  // namespace squall::harness::systems
