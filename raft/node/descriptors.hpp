// How many files and sockets this process may have open. Clients get what is left after log,
// snapshots, trace and peers: a log that cannot open its next segment would end the node.
#pragma once

#include <cstddef>

namespace squall::raft::node {

/// Raises the process's limit as far as the system allows without privileges, and returns it.
[[nodiscard]] std::size_t raise_descriptor_limit();

/// Of `wanted` client connections, how many may be allowed with `descriptors` in all and so many
/// peers; 0: it is not enough to run a node at all.
[[nodiscard]] std::size_t affordable_clients(std::size_t wanted,
                                             std::size_t descriptors,
                                             std::size_t peers);

}  // namespace squall::raft::node
