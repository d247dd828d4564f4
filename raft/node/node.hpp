// One replica as a process: puts storage, server, threads and network together and runs until a
// signal asks it to stop.
#pragma once

#include "raft/node/options.hpp"

namespace squall::raft::node {

/// Blocks until SIGTERM or SIGINT, with --stdio also until its input ends; returns the process's
/// exit code. A disk that fails or holds what no crash can have left ends the process from within.
[[nodiscard]] int run_node(Options options);

}  // namespace squall::raft::node
