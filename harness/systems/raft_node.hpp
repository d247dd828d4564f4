// Squall's own Raft server as a system under test. Speaks docs/protocol.md from the client's side
// and shares no code with the server's side: a mistake in one is caught by the other.
#pragma once

#include "harness/systems/system.hpp"

namespace squall::harness::systems {

[[nodiscard]] const SocketSystem& raft_node();

}  // namespace squall::harness::systems
